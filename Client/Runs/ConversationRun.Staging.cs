using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

public sealed partial class ConversationRun
{
    private const int MaxSpaceBytes = 256;
    private const int MaxKeyBytes = 1_024;

    private readonly Dictionary<(string Space, string Key), EntryWrite?> _entries = [];
    private readonly HashSet<string> _emptiedSpaces = new(StringComparer.Ordinal);
    private SettingsChange? _settings;
    private bool _ended;

    /// <summary>Stages a user global.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">How to write it; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="InvalidRequestException">The name is not valid.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void SetGlobal<T>(string name, T value, JsonSerializerOptions? options = null) =>
        SetEntry(EntrySpaces.Globals, name, JsonSerializer.Serialize(value, options));

    /// <summary>Stages the removal of a user global.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidRequestException">The name is not valid.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void RemoveGlobal(string name) => RemoveEntry(EntrySpaces.Globals, name);

    /// <summary>Stages an entry.</summary>
    /// <param name="space">Its space, 1 to 256 bytes of UTF-8; see <see cref="EntrySpaces"/>.</param>
    /// <param name="key">Its key, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="json">Its value, as JSON.</param>
    /// <param name="timeToLive">How long it lives from the commit on; <see langword="null"/> for ever.</param>
    /// <exception cref="InvalidRequestException">Space or key is not valid, or the value is not JSON.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void SetEntry(string space, string key, string json, TimeSpan? timeToLive = null)
    {
        Check(space, "space", MaxSpaceBytes);
        Check(key, "key", MaxKeyBytes);
        CheckJson(json);
        if (timeToLive <= TimeSpan.Zero)
        {
            throw new InvalidRequestException("timeToLive", "A time to live must be greater than zero; null is for ever.");
        }

        Stage(() => _entries[(space, key)] = new EntryWrite { Space = space, Key = key, Value = json, TimeToLive = timeToLive });
    }

    /// <summary>Stages the removal of an entry. Removing what is not there is no error.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key; <see langword="null"/> removes every entry of the space, staged ones too.</param>
    /// <exception cref="InvalidRequestException">Space or key is not valid.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void RemoveEntry(string space, string? key)
    {
        Check(space, "space", MaxSpaceBytes);
        if (key is not null)
        {
            Check(key, "key", MaxKeyBytes);
            Stage(() => _entries[(space, key)] = null);
            return;
        }

        Stage(() =>
        {
            _emptiedSpaces.Add(space);
            foreach ((string Space, string Key) name in _entries.Keys.Where(name => string.Equals(name.Space, space, StringComparison.Ordinal)).ToList())
            {
                _entries.Remove(name);
            }
        });
    }

    /// <summary>Stages a change of settings; of two changes of one setting the later one counts.</summary>
    /// <param name="change">Which settings, and their new values.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void ChangeSettings(SettingsChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Stage(() => _settings = _settings is null
            ? change
            : new SettingsChange { Values = change.ApplyTo(_settings.Values), Fields = _settings.Fields | change.Fields });
    }

    /// <summary>The bytes of the values of staged entries, as a turn's limits count them.</summary>
    internal long StagedBytes
    {
        get
        {
            lock (_lock)
            {
                return _entries.Values.OfType<EntryWrite>().Sum(write => (long)Encoding.UTF8.GetByteCount(write.Value));
            }
        }
    }

    /// <summary>Ends the staging and makes the run's turn.</summary>
    /// <param name="messages">The messages to append.</param>
    /// <returns>The turn; <see langword="null"/> when there is nothing to commit.</returns>
    internal Turn? End(ImmutableArray<NewMessage> messages)
    {
        lock (_lock)
        {
            _ended = true;
            var turn = new Turn
            {
                TurnId = TurnId,
                Messages = messages,
                EntryWrites = [.. _entries.Values.OfType<EntryWrite>()],
                EntryDeletes =
                [
                    .. _emptiedSpaces.Select(space => new EntryDelete { Space = space }),
                    .. _entries.Where(pair => pair.Value is null).Select(pair => new EntryDelete { Space = pair.Key.Space, Key = pair.Key.Key }),
                ],
                Settings = _settings,

                // What the model was told of a conversation is not written into another one of its name.
                MustExist = Head is not null,
                ExpectedLife = Head?.CreatedAt,
            };
            turn = Journal?.Space is { } journal ? turn with { EntryDeletes = [.. turn.EntryDeletes, new EntryDelete { Space = journal }] } : turn;
            return turn is { Messages.IsEmpty: true, EntryWrites.IsEmpty: true, EntryDeletes.IsEmpty: true, Settings: null } ? null : turn;
        }
    }

    /// <summary>Ends the staging of a run that failed.</summary>
    internal void Discard()
    {
        lock (_lock)
        {
            _ended = true;
        }
    }

    private bool TryGetStaged(string space, string key, out string? json)
    {
        lock (_lock)
        {
            bool named = _entries.TryGetValue((space, key), out EntryWrite? write);
            json = write?.Value;
            return named || _emptiedSpaces.Contains(space);
        }
    }

    private void Stage(Action change)
    {
        lock (_lock)
        {
            if (_ended)
            {
                throw new InvalidOperationException("The run has ended: what is staged now would not be committed. Stage it before the response is complete.");
            }

            change();
        }
    }

    private static void Check([NotNull] string? text, string parameter, int maxBytes)
    {
        if (string.IsNullOrEmpty(text) || text.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            throw new InvalidRequestException(parameter, FormattableString.Invariant($"{parameter} must be 1 to {maxBytes} bytes of UTF-8, without U+0000."));
        }

        WellFormedText.Require(text, parameter);
    }

    private static void CheckJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            throw JsonTooDeepException.Find(Encoding.UTF8.GetBytes(json), "json", ValueFormat.MaxStoredDepth) ?? (Exception)new InvalidRequestException(
                "json", "The value of an entry must be valid JSON; a text stands in quotes.");
        }
    }
}
