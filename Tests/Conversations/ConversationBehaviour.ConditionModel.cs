using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task Generated_turns_with_conditions_are_answered_as_the_model_answers_them()
    {
        foreach (int seed in Generated.Seeds(3))
        {
            var run = new ConditionRun(new Random(seed), Host, NewId);
            for (int step = 0; step < 60; step++)
            {
                string what = "compared";
                try
                {
                    what = await run.StepAsync();
                    if (step % 4 == 3)
                    {
                        await run.CompareAsync();
                    }
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"seed {seed}, step {step}, {what}: {failure.Message}", failure);
                }
            }
        }
    }

    /// <summary>A conversation, what it should hold, and turns whose conditions are decided by both.</summary>
    private sealed class ConditionRun(Random random, GrainHost host, Func<string> newId)
    {
        // The same values in other words, and others.
        private static readonly string[] Values =
        [
            """{"a":1,"b":[1,2]}""",
            """{ "b":[1.0,2], "a":1e0 }""",
            """{"a":1,"b":[2,1]}""",
            "null",
            "\"x\"",
        ];

        private readonly List<(Turn Turn, TurnReceipt Receipt)> _committed = [];
        private readonly Dictionary<string, int> _entries = [];
        private readonly List<string> _known = ["never"];
        private List<string> _log = [];
        private long _version;
        private int _turns;
        private IConversationGrain _conversation = host.Conversation(newId());

        public Task<string> StepAsync() =>
            random.Next(12) switch
            {
                0 => RepeatAsync(),
                1 when _version > 0 => ForkAsync(),
                2 => ForgetAsync(),
                _ => CommitAsync(),
            };

        public async Task CompareAsync()
        {
            if (await _conversation.GetSnapshotAsync() is not { } snapshot)
            {
                Assert.Equal(0, _version);
                return;
            }

            Assert.Equal((_version, (long)_log.Count), (snapshot.Head.Version, snapshot.Head.MessageCount));
            Assert.Equal(
                _entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, Values[entry.Value])),
                snapshot.Entries.Select(entry => (entry.Key, entry.Value))
            );
        }

        private async Task<string> CommitAsync()
        {
            Turn turn = NewTurn();
            ImmutableArray<int> failed = [.. Enumerable.Range(0, turn.Conditions.Length).Where(i => !Holds(turn.Conditions[i]))];
            if (!failed.IsEmpty)
            {
                var refused = await Assert.ThrowsAsync<ConditionFailedException>(() => _conversation.CommitAsync(turn));
                Assert.Equal(failed.AsEnumerable(), refused.Failed);
                return "refused";
            }

            TurnReceipt receipt = await _conversation.CommitAsync(turn);
            Assert.Equal((++_version, false), (receipt.Version, receipt.Replayed));
            Apply(turn);
            _committed.Add((turn, receipt));
            return "committed";
        }

        private async Task<string> RepeatAsync()
        {
            if (_committed.Count > 0)
            {
                (Turn turn, TurnReceipt receipt) = _committed[random.Next(_committed.Count)];
                Assert.Equal(receipt with { Replayed = true }, await _conversation.CommitAsync(turn));
            }

            return "repeated";
        }

        private async Task<string> ForkAsync()
        {
            string id = newId();
            await _conversation.ForkAsync(new ForkRequest { NewId = id });
            _conversation = host.Conversation(id);
            _version = (await _conversation.GetHeadAsync())!.Version;
            _committed.Clear();
            return "forked";
        }

        private async Task<string> ForgetAsync()
        {
            if (random.Next(2) == 0)
            {
                await _conversation.RefreshAsync();
                return "refreshed";
            }

            await host.DeactivateAsync(_conversation);
            return "deactivated";
        }

        private Turn NewTurn()
        {
            // Now and then more than an activation holds in memory.
            int count = random.Next(8) == 0 ? 300 : random.Next(3);
            string[] ids =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => random.Next(4) == 0 ? $"m{random.Next(20)}" : $"m{20 + _known.Count}-{random.Next(1_000_000)}"),
            ];
            string[] keys = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Key())];
            var turn = new Turn
            {
                TurnId = $"t{_turns++}",
                Messages = [.. ids.Select(id => Good with { Id = id })],
                EntryWrites = [.. keys.Select(key => Set(key, Values[random.Next(Values.Length)]))],
                EntryDeletes = random.Next(4) == 0 ? [new EntryDelete { Space = Space, Key = Key() }] : [],
                KeepLast = random.Next(15) == 0 ? random.Next(400) : null,
                Conditions = [.. Enumerable.Range(0, random.Next(4)).Select(_ => NewCondition(ids))],
            };
            return turn.Messages.IsEmpty && turn.EntryWrites.IsEmpty
                ? turn with
                {
                    Messages = [Good with { Id = $"only {_turns}" }],
                }
                : turn;
        }

        private TurnCondition NewCondition(string[] ids) =>
            random.Next(6) switch
            {
                0 => TurnCondition.EntryExists(Space, Key()),
                1 => TurnCondition.EntryAbsent(Space, Key()),
                2 => TurnCondition.EntryHasValue(Space, Key(), Values[random.Next(Values.Length)]),
                3 when ids.Length > 0 => TurnCondition.MessageAbsent(ids[random.Next(ids.Length)]),
                4 => TurnCondition.MessageAbsent(_known[random.Next(_known.Count)]),
                _ => TurnCondition.MessageAbsent($"m{random.Next(20)}"),
            };

        private bool Holds(TurnCondition condition) =>
            condition.Kind switch
            {
                TurnConditionKind.EntryExists => _entries.ContainsKey(condition.Key!),
                TurnConditionKind.EntryAbsent => !_entries.ContainsKey(condition.Key!),
                TurnConditionKind.EntryHasValue => _entries.TryGetValue(condition.Key!, out int value)
                    && Meaning(value) == Meaning(Array.IndexOf(Values, condition.Value)),
                _ => !_log.Contains(condition.MessageId!),
            };

        private static int Meaning(int value) => value == 1 ? 0 : value;

        private void Apply(Turn turn)
        {
            string[] ids = [.. turn.Messages.Select(message => message.Id!)];
            _log = [.. turn.KeepLast is { } keep ? _log.TakeLast(keep) : _log, .. ids];
            _known.AddRange(ids);
            foreach (EntryDelete delete in turn.EntryDeletes)
            {
                _entries.Remove(delete.Key!);
            }

            foreach (EntryWrite write in turn.EntryWrites)
            {
                _entries[write.Key] = Array.IndexOf(Values, write.Value);
            }
        }

        private string Key() => $"k{random.Next(3)}";
    }
}
