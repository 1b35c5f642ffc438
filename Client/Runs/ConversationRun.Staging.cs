using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

public sealed partial class ConversationRun
{
    private readonly Dictionary<(string Space, string Key), EntryWrite?> _entries = [];
    private readonly HashSet<string> _emptiedSpaces = new(StringComparer.Ordinal);
    private SettingsChange? _settings;
    private TurnLimits? _limits;
    private long _room = long.MaxValue;
    private int _writes;
    private long _writtenBytes;
    private bool _ended;

    /// <summary>Stages a user global.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="value">Its value.</param>
    /// <param name="options">How to write it; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="InvalidRequestException">The name is not valid.</exception>
    /// <exception cref="JsonTooDeepException">The value is nested too deep.</exception>
    /// <exception cref="PayloadTooLargeException">
    /// The value, or all that is staged, is over a limit of a turn or of the conversation's entries.
    /// </exception>
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
    /// <param name="timeToLive">
    /// How long it lives from the commit on, one microsecond to 36,500 days; <see langword="null"/> without end.
    /// </param>
    /// <exception cref="InvalidRequestException">Space, key or time to live is not valid, or the value is not JSON.</exception>
    /// <exception cref="JsonTooDeepException">The value is nested deeper than 64 levels.</exception>
    /// <exception cref="PayloadTooLargeException">
    /// The value, or all that is staged, is over a limit of a turn or of the conversation's entries.
    /// </exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void SetEntry(string space, string key, string json, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        var write = new EntryWrite
        {
            Space = space,
            Key = key,
            Value = json,
            TimeToLive = timeToLive,
        };
        StagingRules.Check(write, _limits);
        Stage(() =>
        {
            RequireRoom(write);
            Put((space, key), write);
        });
    }

    /// <summary>Stages the removal of an entry. Removing what is not there is no error.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key; <see langword="null"/> removes every entry of the space, staged ones too.</param>
    /// <exception cref="InvalidRequestException">Space or key is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">More is staged than a turn may name.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void RemoveEntry(string space, string? key)
    {
        StagingRules.CheckName(space, key);
        if (key is not null)
        {
            Stage(() =>
            {
                RequireRoomForName((space, key));
                Put((space, key), null);
            });
            return;
        }

        Stage(() =>
        {
            RequireRoomForName(null);
            _emptiedSpaces.Add(space);
            foreach (
                (string Space, string Key) name in _entries
                    .Keys.Where(name => string.Equals(name.Space, space, StringComparison.Ordinal))
                    .ToList()
            )
            {
                Put(name, null);
                _entries.Remove(name);
            }
        });
    }

    /// <summary>Stages a change of settings; of two changes of one setting the later one counts.</summary>
    /// <param name="change">Which settings, and their new values.</param>
    /// <exception cref="InvalidRequestException">A setting is not valid; see <see cref="ConversationSettings"/>.</exception>
    /// <exception cref="JsonTooDeepException">The metadata are nested deeper than 64 levels.</exception>
    /// <exception cref="PayloadTooLargeException">The metadata are larger than 64 KiB.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void ChangeSettings(SettingsChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        StagingRules.Check(change, _limits);
        Stage(() =>
            _settings = _settings is null
                ? change
                : new SettingsChange { Values = change.ApplyTo(_settings.Values), Fields = _settings.Fields | change.Fields }
        );
    }

    /// <summary>The bytes of the values of staged entries, as a turn's limits count them.</summary>
    internal long StagedBytes
    {
        get
        {
            lock (_lock)
            {
                return _writtenBytes;
            }
        }
    }

    /// <summary>Whether the run names the conversation's user.</summary>
    internal bool NamesUser
    {
        get
        {
            lock (_lock)
            {
                return _settings is { Values.UserId: not null } change && change.Fields.HasFlag(SettingsFields.UserId);
            }
        }
    }

    /// <summary>Says what may be staged from here on.</summary>
    /// <param name="bytes">How many bytes of the turn are left for entries, beside the input and some room for the answer.</param>
    internal void Allow(TurnLimits limits, long bytes)
    {
        lock (_lock)
        {
            _limits = limits;
            _room = bytes;
        }
    }

    /// <summary>Takes out of the turn what was refused of the staging, so that the rest of it can be committed.</summary>
    /// <param name="parameter">What it is about, as a path.</param>
    /// <returns>What was taken out; nothing when the refusal is not about the staging, or nothing of it is left.</returns>
    internal IReadOnlyList<RefusedStaging> Refuse(MemoryException refusal, string parameter)
    {
        lock (_lock)
        {
            bool isSettings = parameter is "userId" or "agentId" or "title" or "metadata" or "ttl" or "settings";
            if (parameter.StartsWith("messages", StringComparison.Ordinal))
            {
                return [];
            }

            bool isDelete = parameter.StartsWith("entryDeletes", StringComparison.Ordinal);
            return (
                    isSettings ? RefuseSettings(refusal)
                    : isDelete ? RefuseDeletes(refusal)
                    : null
                )
                ?? RefuseWrites(refusal)
                ?? RefuseDeletes(refusal)
                ?? RefuseSettings(refusal)
                ?? [];
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
                EntryDeletes = [.. StagedDeletes()],
                Settings = _settings,

                // What the model was told of a conversation is not written into another one of its name.
                MustExist = Head is not null,
                ExpectedLife = Head?.CreatedAt,
            };
            bool begins = turn is not { Messages.IsEmpty: true, EntryWrites.IsEmpty: true, Settings: null };
            turn = turn with { EntryDeletes = [.. turn.EntryDeletes, .. OwnDeletes()] };
            return begins || (Head is not null && !turn.EntryDeletes.IsEmpty) ? turn : null;
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
                throw new InvalidOperationException(
                    "The run has ended: what is staged now would not be committed. Stage it before the response is complete."
                );
            }

            change();
        }
    }

    private static long BytesOf(EntryWrite? write) => write is null ? 0 : Encoding.UTF8.GetByteCount(write.Value);

    private void Put((string Space, string Key) name, EntryWrite? write)
    {
        EntryWrite? before = _entries.GetValueOrDefault(name);
        _writes += (write is null ? 0 : 1) - (before is null ? 0 : 1);
        _writtenBytes += BytesOf(write) - BytesOf(before);
        _entries[name] = write;
    }

    private void RequireRoom(EntryWrite write)
    {
        (string Space, string Key) name = (write.Space, write.Key);
        RequireRoomForName(name);
        EntryWrite? before = _entries.GetValueOrDefault(name);
        int writes = _writes + (before is null ? 1 : 0);
        if (writes > _limits?.MaxEntries)
        {
            throw new PayloadTooLargeException("entries", writes, _limits.MaxEntries.Value, "entries");
        }

        long bytes = _writtenBytes + BytesOf(write) - BytesOf(before);
        long allowed = Math.Min(_limits?.MaxEntriesBytes ?? long.MaxValue, _room);
        if (bytes > allowed)
        {
            throw new PayloadTooLargeException("entries", bytes, allowed, "bytes", "Input and answer are in the same turn.");
        }
    }

    /// <summary>A turn may name twice as many entries as a conversation may have.</summary>
    private void RequireRoomForName((string Space, string Key)? name)
    {
        long named = _entries.Count + _emptiedSpaces.Count;
        if (named >= _limits?.MaxEntries * 2L && !(name is { } known && _entries.ContainsKey(known)))
        {
            throw new PayloadTooLargeException("entries", named + 1, _limits!.MaxEntries!.Value * 2L, "entries");
        }
    }

    private IEnumerable<EntryDelete> StagedDeletes() =>
        [
            .. _emptiedSpaces.Select(space => new EntryDelete { Space = space }),
            .. _entries.Where(pair => pair.Value is null).Select(pair => new EntryDelete { Space = pair.Key.Space, Key = pair.Key.Key }),
        ];

    /// <summary>What the run leaves behind once its turn is durable: journals of tools, and the claim on what it answers.</summary>
    private IEnumerable<EntryDelete> OwnDeletes() =>
        [
            .. new[] { Journal?.Space, Loop?.Space }.OfType<string>().Select(space => new EntryDelete { Space = space }),
            .. Claim?.Deletes ?? [],
        ];

    private List<RefusedStaging>? RefuseWrites(MemoryException reason)
    {
        EntryWrite[] writes = [.. _entries.Values.OfType<EntryWrite>()];
        foreach (EntryWrite write in writes)
        {
            Put((write.Space, write.Key), null);
            _entries.Remove((write.Space, write.Key));
        }

        return writes.Length == 0
            ? null
            : [.. writes.Select(write => new RefusedStaging(RefusedStagingKind.EntryWrite, TurnId, write.Space, write.Key, reason))];
    }

    private List<RefusedStaging>? RefuseDeletes(MemoryException reason)
    {
        EntryDelete[] deletes = [.. StagedDeletes()];
        foreach (EntryDelete delete in deletes.Where(delete => delete.Key is not null))
        {
            _entries.Remove((delete.Space, delete.Key!));
        }

        _emptiedSpaces.Clear();
        return deletes.Length == 0
            ? null
            : [.. deletes.Select(delete => new RefusedStaging(RefusedStagingKind.EntryDelete, TurnId, delete.Space, delete.Key, reason))];
    }

    private List<RefusedStaging>? RefuseSettings(MemoryException reason)
    {
        bool any = _settings is not null;
        _settings = null;
        return any ? [new RefusedStaging(RefusedStagingKind.Settings, TurnId, null, null, reason)] : null;
    }
}
