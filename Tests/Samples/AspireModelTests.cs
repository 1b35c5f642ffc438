using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrleansMemory.Samples.AspireHosting;
using Xunit;

namespace OrleansMemory.Tests.Samples;

/// <summary>What the sample of an Aspire app says of its silos, without running them.</summary>
public sealed class AspireModelTests
{
    private const string Project = "../../Silo/Silo.csproj";

    [Fact]
    public void A_silo_has_its_database_a_port_for_silos_and_a_health_check()
    {
        IDistributedApplicationBuilder app = App(publishes: false);
        IResourceBuilder<PostgresDatabaseResource> database = app.AddPostgres("postgres").AddDatabase("memories");

        IResourceBuilder<ProjectResource> silo = app.AddOrleansMemory("memory", Project, database);

        Assert.Contains(silo.Resource.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == database.Resource);
        Assert.Contains(
            silo.Resource.Annotations.OfType<HealthCheckAnnotation>(),
            check => check.Key.Contains("/health/ready", StringComparison.Ordinal)
        );
        Assert.Equal(
            ["http", "silo"],
            silo.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Its_environment_holds_settings_that_the_silo_knows()
    {
        IDistributedApplicationBuilder app = App(publishes: true);
        IResourceBuilder<ParameterResource> key = app.AddParameter("key", secret: true);
        IResourceBuilder<ProjectResource> silo = app.AddOrleansMemory(
                "memory",
                Project,
                app.AddPostgres("postgres").AddDatabase("memories")
            )
            .WithApiKey(key, "acme")
            .WithApiKey(key, "umbrella", "Reader");

        Dictionary<string, string?> environment = await EnvironmentAsync(silo);

        Assert.Equal("{memories.connectionString}", environment["ConnectionStrings__Postgres"]);
        Assert.Equal("{memory.bindings.silo.targetPort}", environment["OrleansMemory__Cluster__SiloPort"]);
        Assert.Equal(("{key.value}", "acme", "Writer"), Key(0));
        Assert.Equal(("{key.value}", "umbrella", "Reader"), Key(1));
        Assert.DoesNotContain("OrleansMemory__Cluster__AdvertisedAddress", environment.Keys);

        (string?, string?, string?) Key(int number) =>
            (
                environment[$"OrleansMemory__ApiKeys__{number}__Key"],
                environment[$"OrleansMemory__ApiKeys__{number}__Tenant"],
                environment[$"OrleansMemory__ApiKeys__{number}__Role"]
            );
    }

    [Fact]
    public async Task On_this_machine_silos_reach_each_other_over_the_loopback()
    {
        IDistributedApplicationBuilder app = App(publishes: false);
        IResourceBuilder<ProjectResource> silo = app.AddOrleansMemory("memory", Project, app.AddConnectionString("memories"));

        Assert.Equal("127.0.0.1", (await EnvironmentAsync(silo))["OrleansMemory__Cluster__AdvertisedAddress"]);
    }

    [Fact]
    public void A_key_that_is_no_secret_is_refused()
    {
        IDistributedApplicationBuilder app = App(publishes: false);
        IResourceBuilder<ProjectResource> silo = app.AddOrleansMemory("memory", Project, app.AddConnectionString("memories"));

        Assert.Throws<ArgumentException>(() => silo.WithApiKey(app.AddParameter("open", "value"), "acme"));
    }

    private static IDistributedApplicationBuilder App(bool publishes) =>
        DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                Args = publishes ? ["--publisher", "manifest", "--output-path", "nowhere.json"] : [],
                DisableDashboard = true,
                AssemblyName = typeof(AspireModelTests).Assembly.GetName().Name,
            }
        );

    // As a manifest says it, so that nothing needs to run.
    private static async Task<Dictionary<string, string?>> EnvironmentAsync(IResourceBuilder<ProjectResource> silo)
    {
        var context = new EnvironmentCallbackContext(silo.ApplicationBuilder.ExecutionContext, silo.Resource);
        foreach (EnvironmentCallbackAnnotation variables in silo.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await variables.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(
            pair => pair.Key,
            pair => pair.Value is IManifestExpressionProvider told ? told.ValueExpression : pair.Value.ToString()
        );
    }
}
