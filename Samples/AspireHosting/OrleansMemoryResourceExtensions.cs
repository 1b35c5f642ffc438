using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrleansMemory.Samples.AspireHosting;

/// <summary>Adds silos of OrleansMemory to the model of an Aspire app.</summary>
public static class OrleansMemoryResourceExtensions
{
    // The silo's own name for it (ConnectionStrings:Postgres).
    private const string ConnectionName = "Postgres";

    /// <summary>
    /// Adds a silo that keeps its conversations in a PostgreSQL database. Silos of one database are one cluster, so that another call with
    /// another name adds another silo to it. The silo serves HTTP, starts once the database is ready, is healthy once <c>/health/ready</c>
    /// says so, and sends its metrics and traces to Aspire's dashboard.
    /// </summary>
    /// <remarks>
    /// Where the app runs on this machine, silos reach each other over the loopback. What is published from the model leaves out the
    /// address of each silo and how its port is kept: set <c>OrleansMemory__Cluster__AdvertisedAddress</c> and
    /// <c>OrleansMemory__Cluster__Tls__…</c> where it is deployed, without which a silo does not start.
    /// </remarks>
    /// <param name="builder">The app.</param>
    /// <param name="name">The silo's name in the model; others find its address by it.</param>
    /// <param name="project">The path of the silo's project, from the app host's folder or absolute.</param>
    /// <param name="database">
    /// The database: a PostgreSQL server's <c>AddDatabase</c>, or <c>AddConnectionString</c> for one that is there. The silo makes its
    /// tables itself.
    /// </param>
    /// <returns>The silo's project. <c>WithReference</c> of it tells another project where it is.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> or <paramref name="project"/> is empty, or the name is none that Aspire takes.
    /// </exception>
    public static IResourceBuilder<ProjectResource> AddOrleansMemory(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string project,
        IResourceBuilder<IResourceWithConnectionString> database
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(project);
        ArgumentNullException.ThrowIfNull(database);

        // Its launch profile names one port, which is no use to several silos.
        IResourceBuilder<ProjectResource> silo = builder
            .AddProject(name, project, static options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint()
            .WithReference(database, ConnectionName)
            .WaitFor(database)
            .WithEnvironment("OrleansMemory__Cluster__Membership", "Postgres")
            .WithEndpoint(name: "silo", scheme: "tcp", env: "OrleansMemory__Cluster__SiloPort")
            .WithHttpHealthCheck("/health/ready");
        return builder.ExecutionContext.IsRunMode ? silo.WithEnvironment("OrleansMemory__Cluster__AdvertisedAddress", "127.0.0.1") : silo;
    }

    /// <summary>Lets a tenant in by an API key. From the first one on the silo serves no one without a key.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="key">The key, 16 to 512 printable ASCII characters: a secret parameter.</param>
    /// <param name="tenant">The tenant whose data it opens.</param>
    /// <param name="role">What its holder may do: <c>Reader</c>, <c>Writer</c>, <c>TenantAdministrator</c> or <c>Operator</c>.</param>
    /// <returns>The same silo.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is no secret parameter.</exception>
    public static IResourceBuilder<ProjectResource> WithApiKey(
        this IResourceBuilder<ProjectResource> silo,
        IResourceBuilder<ParameterResource> key,
        string tenant,
        string role = "Writer"
    )
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Resource.Secret)
        {
            throw new ArgumentException("An API key is a secret: add the parameter with secret: true.", nameof(key));
        }

        int number = silo.Resource.Annotations.OfType<ApiKeyAnnotation>().Count();
        string entry = string.Create(CultureInfo.InvariantCulture, $"OrleansMemory__ApiKeys__{number}__");
        return silo.WithAnnotation(new ApiKeyAnnotation())
            .WithEnvironment(entry + "Key", key)
            .WithEnvironment(entry + "Tenant", tenant)
            .WithEnvironment(entry + "Role", role);
    }

    private sealed class ApiKeyAnnotation : IResourceAnnotation;
}
