using System.Collections.Immutable;
using System.Text;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>What a reply comes to.</summary>
/// <param name="Changes">The changes, to be applied whole.</param>
/// <param name="LeftOut">How many changes of the reply do not count.</param>
internal readonly record struct Distillation(FactDistillation Changes, int LeftOut);

/// <summary>
/// Decides what of a reply counts. A reply reaches the turns and facts that its prompt showed, and nothing else: names that were not given,
/// second changes of one fact, and texts that are empty, too long or known already are left out.
/// </summary>
/// <remarks>
/// <para>A new fact has the names of the scope, the conversation of the batch and the earliest expiry of its turns, whichever of them the
/// model names as its source: deleting the conversation and the passing of time take along what was distilled.</para>
/// <para>An update keeps the id where the fact belongs to the same conversation and does not outlive the turns. Otherwise the fact is
/// retired and a new one takes its place, for what the turns say must go with them; that one does not outlive the old fact either, as it
/// may repeat parts of it.</para>
/// </remarks>
/// <param name="batch">What the model was shown.</param>
/// <param name="options">The bounds.</param>
/// <param name="now">The instant of the changes.</param>
internal sealed class Distiller(ExtractionBatch batch, ExtractionOptions options, DateTimeOffset now)
{
    private readonly DateTimeOffset? _expiresAt = batch.Turns.Min(turn => turn.ExpiresAt);
    private readonly string? _conversationId = batch.Turns[0].ConversationId;
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(batch.Known.Select(fact => fact.Text), StringComparer.OrdinalIgnoreCase);
    private readonly ImmutableArray<MemoryFact>.Builder _added = ImmutableArray.CreateBuilder<MemoryFact>();
    private readonly ImmutableArray<FactRevision>.Builder _revised = ImmutableArray.CreateBuilder<FactRevision>();
    private readonly ImmutableArray<FactRetirement>.Builder _retired = ImmutableArray.CreateBuilder<FactRetirement>();

    /// <summary>Decides.</summary>
    /// <param name="changes">What the model replied.</param>
    /// <returns>What it comes to.</returns>
    public Distillation Decide(ImmutableArray<ReplyChange> changes)
    {
        int made = changes.Take(options.MaxChanges).Count(TryMake);
        return new(
            new FactDistillation
            {
                Scope = batch.Scope,
                Turns = [.. batch.Turns.Select(turn => turn.Id)],
                Added = _added.DrainToImmutable(),
                Revised = _revised.DrainToImmutable(),
                Retired = _retired.DrainToImmutable(),
                At = now,
            },
            changes.Length - made
        );
    }

    private bool TryMake(ReplyChange change) =>
        change.Action switch
        {
            ReplyAction.Add => TryText(change) is { } text && Add(text, change, replaced: null),
            ReplyAction.Update => TryFact(change) is { } fact
                && TryText(change) is { } text
                && _touched.Add(fact.Id)
                && Update(fact, text, change),
            ReplyAction.Retire => TryFact(change) is { } fact && _touched.Add(fact.Id) && Retire(fact),
            _ => false,
        };

    private bool Add(string text, ReplyChange change, MemoryFact? replaced)
    {
        HashSet<string> named = [.. change.Turns.Select(batch.FindTurn).OfType<MemoryFact>().Select(turn => turn.Id)];
        ImmutableArray<MemoryFact> sources = [.. batch.Turns.Where(turn => named.Contains(turn.Id))];
        _added.Add(
            DistilledFact.Make(sources.IsEmpty ? batch.Turns : sources, replaced, now) with
            {
                Agent = batch.Scope.Agent,
                User = batch.Scope.User,
                Session = batch.Scope.Session,
                Text = text,
                ConversationId = _conversationId,
                ExpiresAt = Earlier(_expiresAt, replaced?.ExpiresAt),
            }
        );
        return true;
    }

    private bool Update(MemoryFact fact, string text, ReplyChange change)
    {
        bool goesWithTheTurns =
            string.Equals(fact.ConversationId, _conversationId, StringComparison.Ordinal)
            && (_expiresAt is null || fact.ExpiresAt <= _expiresAt);
        if (goesWithTheTurns)
        {
            _revised.Add(new FactRevision(fact.Id, fact.Version, text));
            return true;
        }

        return Retire(fact) && Add(text, change, fact);
    }

    private bool Retire(MemoryFact fact)
    {
        _retired.Add(new FactRetirement(fact.Id, fact.Version));
        return true;
    }

    private MemoryFact? TryFact(ReplyChange change) =>
        change.Fact is { } name && batch.FindFact(name) is { } fact && !_touched.Contains(fact.Id) ? fact : null;

    private string? TryText(ReplyChange change)
    {
        string text = Plain(change.Text ?? "");
        return text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= options.MaxFactBytes && _said.Add(text) ? text : null;
    }

    /// <summary>A fact is one line: line ends, tabs and what no store can hold become blanks.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if (!char.IsWhiteSpace(character) && !char.IsControl(character))
            {
                plain.Append(character);
            }
            else if (plain.Length > 0 && plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.ToString().TrimEnd();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
