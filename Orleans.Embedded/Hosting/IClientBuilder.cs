using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Sets up a client of the grain host.</summary>
public interface IClientBuilder
{
    /// <summary>The services of the client's application.</summary>
    IServiceCollection Services { get; }

    /// <summary>The configuration of the client's application.</summary>
    IConfiguration Configuration { get; }
}
