# Node.js on Debian, where no registry has node:24-bookworm-slim. The program comes from the npm package
# node-linux-*; deploy/setup/app-images.sh puts it into the build context.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
COPY node /usr/local/bin/node
