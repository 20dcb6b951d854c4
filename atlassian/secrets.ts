const secretFields = ['client_secret', 'refresh_token', 'code', 'code_verifier', 'token'];

/**
 * A function that blanks out the secrets of one request: the credential of its Authorization header, decoded where it
 * is Basic, and the secret fields of its JSON body. For quoting an answer, which may echo what it was sent.
 */
export function secretsOf(request: {
  headers?: Record<string, string>;
  json?: unknown;
}): (text: string) => string {
  // Most answers are never quoted: collect only when asked.
  return (text) => {
    let clean = text;
    for (const secret of collect(request)) clean = clean.replaceAll(secret, '[redacted]');
    return clean;
  };
}

function collect(request: { headers?: Record<string, string>; json?: unknown }): string[] {
  const secrets: string[] = [];
  const [scheme, credential] = (request.headers?.['authorization'] ?? '').split(' ');
  if (credential !== undefined) {
    secrets.push(credential);
    if (scheme === 'Basic') {
      const pair = Buffer.from(credential, 'base64').toString('utf8');
      secrets.push(pair, pair.slice(pair.indexOf(':') + 1));
    }
  }
  const body = request.json;
  if (typeof body === 'object' && body !== null) {
    for (const [field, value] of Object.entries(body)) {
      if (secretFields.includes(field) && typeof value === 'string') secrets.push(value);
    }
  }
  return secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
}
