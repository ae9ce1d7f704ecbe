# Node.js on Debian, where no registry gives node:24-bookworm-slim: the program of the npm package
# node-linux-*, put into the build context by deploy/setup/app-images.sh.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
COPY node /usr/local/bin/node
