using System.Collections.Immutable;
using System.Text;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>Where a memory is on its way through the store.</summary>
internal enum FactState
{
    /// <summary>Reads show it.</summary>
    Live,

    /// <summary>It does not hold any more; only its history is shown.</summary>
    Retired,

    /// <summary>It is gone: names and id are left, so that readers of changes learn of it.</summary>
    Deleted,
}

/// <summary>All that the store holds of one memory. Only touched under the store's lock.</summary>
/// <param name="scope">Who owns it.</param>
/// <param name="position">Its place in the order of the store.</param>
internal sealed class HeldFact(MemoryScope scope, long position, MemoryFact fact)
{
    private readonly List<MemoryEvent> _history =
    [
        new()
        {
            Version = fact.Version,
            Kind = MemoryEventKind.Added,
            Text = fact.Text,
            At = fact.CreatedAt,
        },
    ];

    public MemoryScope Scope => scope;

    public long Position => position;

    public FactState State { get; private set; }

    /// <summary>The number of the store's change that changed it last.</summary>
    public long Changed { get; set; }

    /// <summary>The memory; without content when it is deleted.</summary>
    public MemoryFact Fact
    {
        get;
        private set
        {
            field = value;
            Labels = MetadataLabels.Of(value.Metadata);
        }
    } = fact;

    /// <summary>What lists filter it by.</summary>
    public ImmutableArray<string> Labels { get; private set; } = MetadataLabels.Of(fact.Metadata);

    /// <summary>The bytes of its text, caption and metadata, in UTF-8.</summary>
    public long Bytes =>
        Encoding.UTF8.GetByteCount(Fact.Text)
        + Encoding.UTF8.GetByteCount(Fact.Caption ?? "")
        + Encoding.UTF8.GetByteCount(Fact.Metadata ?? "");

    /// <summary>Whether facts are still to be distilled from it.</summary>
    public bool Extracts { get; set; }

    /// <summary>Its vector, if it has one.</summary>
    public (string Model, ReadOnlyMemory<float> Values)? Vector { get; set; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset GoneAt { get; private set; }

    /// <summary>What happened to it, the oldest first.</summary>
    public IReadOnlyList<MemoryEvent> History => _history;

    /// <summary>Whether a read shows it at an instant.</summary>
    public bool IsLive(DateTimeOffset at) => State == FactState.Live && !(Fact.ExpiresAt <= at);

    /// <summary>Whether a scope shows it.</summary>
    public bool IsShownBy(MemoryScope shown) => shown.Shows(scope);

    /// <summary>Gives an imported memory its history.</summary>
    /// <param name="isDistilled">Whether the extractor recorded it.</param>
    /// <param name="changes">What has happened to it since.</param>
    public void Remember(bool isDistilled, ImmutableArray<MemoryEvent> changes)
    {
        _history[0] = new MemoryEvent
        {
            Version = 1,
            Kind = MemoryEventKind.Added,
            Text = changes.IsEmpty ? Fact.Text : changes[0].PreviousText,
            At = Fact.CreatedAt,
            ByExtractor = isDistilled,
        };
        _history.AddRange(changes);
    }

    /// <summary>Says that the extractor recorded it.</summary>
    public void MarkDistilled() => _history[0] = _history[0] with { ByExtractor = true };

    /// <summary>Gives it another content. Vectors of another text go.</summary>
    /// <param name="fact">What it is now.</param>
    /// <param name="byExtractor">Whether the silo's extractor did it.</param>
    public void Revise(MemoryFact fact, bool byExtractor = false)
    {
        _history.Add(
            new MemoryEvent
            {
                Version = fact.Version,
                Kind = MemoryEventKind.Updated,
                PreviousText = Fact.Text,
                Text = fact.Text,
                At = fact.UpdatedAt,
                ByExtractor = byExtractor,
            }
        );
        if (!string.Equals(fact.Text, Fact.Text, StringComparison.Ordinal))
        {
            Vector = null;
        }

        Fact = fact;
    }

    /// <summary>Hides it from every read but that of its history.</summary>
    /// <param name="at">The instant.</param>
    public void Retire(DateTimeOffset at)
    {
        Fact = Fact with { Version = Fact.Version + 1, UpdatedAt = at };
        _history.Add(
            new MemoryEvent
            {
                Version = Fact.Version,
                Kind = MemoryEventKind.Retired,
                PreviousText = Fact.Text,
                At = at,
                ByExtractor = true,
            }
        );
        State = FactState.Retired;
        Vector = null;
    }

    /// <summary>Forgets all that it says.</summary>
    /// <param name="at">The instant.</param>
    public void Delete(DateTimeOffset at)
    {
        Fact = new MemoryFact
        {
            Id = Fact.Id,
            Kind = Fact.Kind,
            Text = "",
            Version = Fact.Version + 1,
            OccurredAt = at,
            CreatedAt = at,
            UpdatedAt = at,
        };
        _history.Clear();
        Vector = null;
        Extracts = false;
        State = FactState.Deleted;
        GoneAt = at;
    }
}
