using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;

namespace OrleansMemory.Tests.Support;

/// <summary>Makes clients of test hosts.</summary>
internal static class Clients
{
    public static ConversationClient Of(GrainHost host, TimeProvider? time = null) => new(
        host.Grains, Options.Create(new ConversationClientOptions()), time ?? TimeProvider.System, NullLogger<ConversationClient>.Instance);
}
