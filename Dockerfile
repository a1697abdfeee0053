# fake-webflow as an image: docker build -t fake-webflow .
# docs/how-to/containers.md says how to run it; every option of `fake-webflow serve` is a variable FAKE_WEBFLOW_...
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY contracts contracts
COPY fake_webflow fake_webflow
RUN python -m venv /opt/fake-webflow && /opt/fake-webflow/bin/pip install --no-cache-dir .

FROM python:3.13-slim
COPY --from=build /opt/fake-webflow /opt/fake-webflow
# /data is for the file of FAKE_WEBFLOW_STATE; a volume that is mounted there takes its owner over.
RUN install --directory --owner 10001 --group 10001 --mode 700 /data
ENV PATH=/opt/fake-webflow/bin:/usr/local/bin:/usr/bin:/bin
ENV PYTHONUNBUFFERED=1
ENV FAKE_WEBFLOW_HOST=0.0.0.0
ENV FAKE_WEBFLOW_PORT=8787
USER 10001:10001
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['FAKE_WEBFLOW_PORT']}/_fake/health\", timeout=2)"]
ENTRYPOINT ["fake-webflow"]
CMD ["serve"]
