using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;

namespace OrleansMemory.Tests.Support;

/// <summary>Makes clients of test hosts.</summary>
internal static class Clients
{
    public static ConversationClient Of(GrainHost host, TimeProvider? time = null) => Of(host.Grains, time);

    /// <summary>A client whose default tenant only this test knows, for hosts that tests share.</summary>
    public static ConversationClient OfNewTenant(GrainHost host) => OfTenant(host, SharedHosts.NewTenant());

    /// <summary>A client with this default tenant.</summary>
    public static ConversationClient OfTenant(GrainHost host, string tenant, TimeProvider? time = null) =>
        new(
            host.Grains,
            Options.Create(new ConversationClientOptions { DefaultTenant = tenant }),
            time ?? TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );

    public static ConversationClient Of(IGrainFactory grains, TimeProvider? time = null) =>
        new(grains, Options.Create(new ConversationClientOptions()), time ?? TimeProvider.System, NullLogger<ConversationClient>.Instance);
}
