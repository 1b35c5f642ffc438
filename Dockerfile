# The silo, and the sample of an external client. Packages come from the sources that NuGet is configured with, nuget.org by default.
#   docker build --target silo --tag orleans-memory-silo .
FROM mcr.microsoft.com/dotnet/sdk:10.0.100 AS build
WORKDIR /src
COPY . .
RUN dotnet publish Silo -c Release -r linux-$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/') --self-contained -o /app/silo \
 && dotnet publish Samples/ClusterClient -c Release -o /app/client

FROM mcr.microsoft.com/dotnet/runtime:10.0.0 AS client
WORKDIR /app
COPY --from=build /app/client .
USER $APP_UID
ENTRYPOINT ["dotnet", "OrleansMemory.ClusterClient.dll"]

# The runtime comes with it, compiled ahead together with it.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0.0 AS silo
WORKDIR /app
COPY --from=build /app/silo .
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080
# HTTP; other silos; external clients, where OrleansMemory__Cluster__GatewayPort is set to 30000. Only the first is for the world outside.
EXPOSE 8080 11111 30000
# The image has no program that speaks HTTP, but its shell can.
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["./OrleansMemory.Silo"]
