using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

/// <summary>
/// Makes references to conversations. Orleans finds the types of a grain by reflection each time it is asked for one by its interface; they
/// are learnt from the first reference.
/// </summary>
/// <param name="grains">Where the grains are reached.</param>
internal sealed class ConversationReferences(IGrainFactory grains)
{
    private Known? _known;

    /// <summary>A reference to a conversation.</summary>
    public IConversationGrain Get(ConversationKey key)
    {
        string name = key.ToString();
        if (_known is { } known)
        {
            return (IConversationGrain)grains.GetGrain(GrainId.Create(known.Type, name), known.Interface);
        }

        IConversationGrain first = grains.GetGrain<IConversationGrain>(name);

        // Another factory than Orleans', such as one of a test, hands out what it likes.
        if (first is GrainReference reference)
        {
            _known = new Known(reference.GrainId.Type, reference.InterfaceType);
        }

        return first;
    }

    private sealed record Known(GrainType Type, GrainInterfaceType Interface);
}
