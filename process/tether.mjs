// Loaded first into each service that `npm start` runs (`node --import`): when the parent is gone, killed -9 even,
// its end of the channel closes, and the service ends, in good order if it can.

process.channel?.unref();
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Output that nobody reads any more must not end the service before it has put things in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
