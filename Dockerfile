# One image for web, worker, beat and migrations; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=casemgr.settings \
    VAR_DIR=/app/var

RUN groupadd --system --gid 10001 casemgr \
    && useradd --system --uid 10001 --gid casemgr --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin casemgr

# Letters for the PDFs of papers, embedded in them: all of GBK, and rare characters of names.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-wqy-microhei fonts-hanazono \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# The lock first: this layer stays as long as the lock does. Wheels only, so no compiler is ever wanted.
COPY requirements.lock ./
RUN pip install --only-binary :all: --require-hashes -r requirements.lock

COPY . .
RUN python -m compileall -q . \
    && python -m tools.translations \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && chown casemgr:casemgr /app/var /app/var/files /app/var/files/incoming

USER casemgr
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-m", "tools.readiness", "http://127.0.0.1:8000"]

CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket", "casemgr.wsgi:application"]
