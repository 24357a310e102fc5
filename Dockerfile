# One image for the site, the worker and the migration; docker-compose.yml says which a container is.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data BIND=0.0.0.0
WORKDIR /newsdiffs

# First what changes seldom. Every dependency comes as a wheel: no compiler is needed.
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt

COPY manage.py pyproject.toml ./
COPY newsdiffs newsdiffs
COPY articles articles
COPY demo demo
COPY templates templates
COPY locale locale
COPY static static
COPY docs/facts.md docs/
RUN python -m compileall -q newsdiffs articles demo \
    && useradd --uid 10001 --no-create-home newsdiffs \
    && install -d -o newsdiffs -g newsdiffs -m 700 /data

USER newsdiffs
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "supervise"]
