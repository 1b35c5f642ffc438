using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;

namespace OrleansMemory.Tests.Support;

/// <summary>Makes clients of test hosts.</summary>
internal static class Clients
{
    public static ConversationClient Of(GrainHost host, TimeProvider? time = null) => Of(host.Grains, time);

    public static ConversationClient Of(IGrainFactory grains, TimeProvider? time = null) => new(
        grains, Options.Create(new ConversationClientOptions()), time ?? TimeProvider.System, NullLogger<ConversationClient>.Instance);
}
