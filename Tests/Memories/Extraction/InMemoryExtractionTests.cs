using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class InMemoryExtractionTests : ExtractionBehaviour
{
    private readonly InMemoryFactStore _facts = new();
    private readonly InMemoryConversationStore _conversations;

    public InMemoryExtractionTests() => _conversations = new(NullLogger<InMemoryConversationStore>.Instance, _facts);

    protected override void UseStore(ISiloBuilder silo)
    {
        silo.Services.AddSingleton(_facts).AddSingleton<IFactStore>(_facts).AddSingleton<IConversationStore>(_conversations).AddUncounted();
        silo.UseInMemoryStorage();
    }
}
