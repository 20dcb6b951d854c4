// Run inside a container: succeeds when the process beside it is alive. The server answers on PORT, the worker on its
// metrics port, which HEALTH_PORT then names.
const port = process.env.HEALTH_PORT ?? process.env.PORT ?? '3000';
try {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4000) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
