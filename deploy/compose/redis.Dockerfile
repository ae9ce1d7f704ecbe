# Redis from Debian's packages, where no registry has redis:7.2-bookworm, with the same user, folder and port.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN groupadd -r -g 999 redis && useradd -r -u 999 -g redis -d /data redis \
 && apt-get update && apt-get install -y --no-install-recommends redis-server \
 && rm -rf /var/lib/apt/lists /var/cache/apt /etc/redis \
 && install -d -o redis -g redis /data
USER redis
WORKDIR /data
EXPOSE 6379
CMD ["redis-server"]
