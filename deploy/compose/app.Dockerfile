# The image of hookpool: Node.js, the libraries that it loads, and dist, which has all packages in it. It has no
# shell, no package manager and no tool that an attacker could use.
# deploy/setup/app-images.sh makes the build context.
ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS rootfs
LABEL hookpool.stage=app
RUN mkdir -p /out/tmp /out/etc /out/run/hookpool-engine \
 && chmod 1777 /out/tmp \
 && ldd /usr/local/bin/node | grep -o '/[^ ]*' | xargs cp -L --parents -t /out /usr/local/bin/node \
 && printf 'root:x:0:0:root:/:/sbin/nologin\nhookpool:x:10001:10001:hookpool:/app:/sbin/nologin\n' > /out/etc/passwd \
 && printf 'root:x:0:\nhookpool:x:10001:\n' > /out/etc/group \
# The engine proxy (user 0, group 10001) makes its socket here; workers (user 10001) may enter.
 && chgrp 10001 /out/run/hookpool-engine && chmod 0750 /out/run/hookpool-engine

FROM scratch
LABEL hookpool.image=app
COPY --from=rootfs /out /
COPY app /app
ENV PATH=/usr/local/bin NODE_ENV=production
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["--help"]
