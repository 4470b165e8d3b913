# RBM Lab: the dashboard in one container.
#
#   docker build -t rbm-lab .
#   docker run --rm -p 8501:8501 rbm-lab
#   docker run --rm -p 8501:8501 --read-only --tmpfs /tmp --cap-drop ALL rbm-lab     # locked down
#
# Data sets and what the app keeps lie under /data. Behind a proxy, run replicas with sticky
# sessions: all state lives in a session and in its link.

ARG BASE_IMAGE=python:3.11-slim-bookworm

# The lines that name torch, alone, so that its layer is rebuilt only when they change.
FROM ${BASE_IMAGE} AS torch-versions
COPY constraints.txt /
RUN grep -E '^torch(vision)?==' /constraints.txt > /torch.txt

FROM ${BASE_IMAGE}

# PyTorch's CPU index keeps the image small. Empty takes PyPI's build: with CUDA, 5 GB more. What
# torch stands on comes from PyPI below: the index holds old copies of it.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY --from=torch-versions /torch.txt /tmp/torch.txt
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --no-deps ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r /tmp/torch.txt \
    && rm /tmp/torch.txt

# Fashion-MNIST (30 MB) from Debian, in /usr/share/datasets/fashion-mnist; 0 leaves it out.
# Debian keeps one version of it, so none is pinned.
ARG WITH_FASHION_MNIST=1
# hadolint ignore=DL3008
RUN if [ "$WITH_FASHION_MNIST" = 1 ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends dataset-fashion-mnist \
        && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log; \
    fi

COPY requirements.txt constraints.txt /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        -r /tmp/requirements.txt -c /tmp/constraints.txt \
    && rm /tmp/requirements.txt /tmp/constraints.txt

# The user has a name because libraries ask for one, and owns nothing but /data.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin rbm \
    && install -d -o 10001 -g 10001 /data

# Streamlit reads .streamlit/config.toml from the working directory.
WORKDIR /srv/rbm-lab
COPY . .
# Owned by root and readable whatever the checkout's umask was; compiled here, because nothing can
# be written at run time.
RUN chmod -R u=rwX,go=rX . && python -m compileall -q app pages rbm_core

# The engine's loops, compiled: a container's first runs would take the better part of a minute for
# it, and could not be stopped meanwhile. What is compiled must lie where it can be written to, so
# CMD copies it. It is compiled for what all processors share, or it would be compiled anew wherever
# the container does not run on the build's. An update of 784×500, k = 1, then takes half as long
# again as with AVX2 and 1.8 times as long as with AVX-512; its numbers are the same.
ENV NUMBA_CPU_NAME=generic
RUN NUMBA_CACHE_DIR=/srv/compiled \
        python -B -c "from rbm_core import compile_loops; compile_loops()" \
    && chmod -R u=rwX,go=rX /srv/compiled

# MNIST (12 MB), where the build has a network; without one the image is built all the same, and
# the app offers the download. 0 leaves it out.
ARG WITH_MNIST=1
RUN if [ "$WITH_MNIST" = 1 ]; then \
        if timeout 300 python -B -m rbm_core data fetch mnist --root /data; \
        then chown -R 10001:10001 /data; \
        else echo "MNIST is not in this image: no network at build time"; fi; \
    fi
VOLUME /data

ENV HOME=/tmp \
    NUMBA_CACHE_DIR=/tmp/compiled \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RBM_DATA=/data
USER 10001:10001
EXPOSE 8501

# Any path answers 200, so the body is what counts. http.client heeds no proxy settings.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "\
import http.client, sys; \
server = http.client.HTTPConnection('127.0.0.1', 8501, timeout=4); \
server.request('GET', '/_stcore/health'); \
sys.exit(server.getresponse().read().strip() != b'ok')"]

CMD ["sh", "-c", "mkdir -p \"$NUMBA_CACHE_DIR\" && cp -R /srv/compiled/. \"$NUMBA_CACHE_DIR\"; \
exec python -m streamlit run app/main.py --server.address=0.0.0.0 --server.port=8501"]
