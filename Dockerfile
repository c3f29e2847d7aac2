# Three images from one file: `shop` runs web, worker and beat; `proxy` holds the static files;
# `pgbouncer` lets many web threads share few connections. None has the embedded servers, the test tools or a compiler.

FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir "uv>=0.13,<1"
WORKDIR /app
COPY pyproject.toml uv.lock ./
ARG EXTRAS=""
RUN uv sync --locked --no-default-groups --no-cache $EXTRAS
COPY . .
# The settings want these; collecting files uses none of them.
RUN export SECRET_KEY=only-while-building STATIC_ROOT=/app/collected \
    && .venv/bin/python manage.py collectstatic --no-input \
    && .venv/bin/python docs/deploy/away_page.py > away.html


FROM caddy:2-alpine AS proxy
COPY docs/deploy/Caddyfile /etc/caddy/Caddyfile
COPY --from=build /app/collected /srv/static
COPY --from=build /app/away.html /srv/away.html


FROM debian:trixie-slim AS pgbouncer
RUN apt-get update && apt-get install --yes --no-install-recommends pgbouncer postgresql-client \
    && rm -rf /var/lib/apt/lists/*
COPY docs/deploy/pgbouncer.ini docs/deploy/pgbouncer.sh /etc/mercer/
USER postgres
EXPOSE 6432
CMD ["sh", "/etc/mercer/pgbouncer.sh"]


FROM python:3.13-slim AS shop
# pg_dump and pg_restore for the backups: not older than the server.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /data shop \
    && install --directory --owner=shop --group=shop /data /data/media /data/backups
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data MEDIA_ROOT=/data/media STATIC_ROOT=/app/collected
USER shop
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "docs/deploy/healthcheck.py"]
CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "shop.lib.serving.Worker", \
     "--workers", "2", "--threads", "4", "--graceful-timeout", "20", "--no-control-socket", \
     "--preload", "--worker-tmp-dir", "/tmp", "--max-requests", "20000", "--max-requests-jitter", "2000"]
