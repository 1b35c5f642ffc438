using System.Text;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Regressions;

/// <summary>
/// The sum of all entries was measured in UTF-16 units when a turn came and in bytes of UTF-8 when an import did, and an import was cut
/// into pieces that a low limit of turns refused. So conversations that had been accepted could be exported but not imported again.
/// </summary>
public sealed class AcceptedIsImportableTests
{
    private const int Seeds = 6;

    private static readonly string[] Pieces =
    [
        "a",
        "\"",
        "\\",
        "\u00e9",
        "\u20ac",
        "\ud83d\ude00",
        "\n",
        "\u0001",
        "\ud83d\udc68\u200d\ud83d\udc69",
        " ",
    ];

    /// <summary>The limits, each made so low that the generated conversations reach it while the others stay out of the way.</summary>
    public static TheoryData<string> Limits =>
        [
            nameof(ConversationOptions.MaxMessageBytes),
            nameof(ConversationOptions.MaxTurnMessages),
            nameof(ConversationOptions.MaxTurnBytes),
            nameof(ConversationOptions.MaxEntryBytes),
            nameof(ConversationOptions.MaxEntries),
            nameof(ConversationOptions.MaxEntriesBytes),
            nameof(ConversationOptions.TailMessages),
            nameof(ConversationOptions.ActivationMessages),
            nameof(ConversationOptions.TailBytes),
            nameof(ConversationOptions.MaxPageBytes),
            nameof(ConversationOptions.RecentTurns),
        ];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task What_a_limit_lets_in_can_be_exported_and_imported(string limit)
    {
        await using GrainHost host = await GrainHost.InMemoryAsync(configure: options => Tighten(options, limit));
        ConversationClient client = Clients.Of(host);
        int refused = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Conversation from = client.Get($"from-{seed}");
            refused += await FillAsync(from, new Random(seed));
            using var document = new MemoryStream();
            await from.ExportAsync(document);
            document.Position = 0;
            Conversation to = client.Get($"to-{seed}");
            Head head = await to.ImportAsync(document);

            Head old = (await from.GetHeadAsync())!;
            Assert.Equal(
                (1, old.FirstSequence, old.LastSequence, old.Settings),
                (head.Version, head.FirstSequence, head.LastSequence, head.Settings)
            );
            Assert.Equal((await from.GetEntriesAsync()).AsEnumerable(), await to.GetEntriesAsync());
            Assert.Equal(await MessagesAsync(from), await MessagesAsync(to));
        }

        Assert.True(
            limit.StartsWith("Max", StringComparison.Ordinal) && limit != nameof(ConversationOptions.MaxPageBytes)
                ? refused > 0
                : refused == 0,
            $"{refused} turns were refused: the conversations do not reach {limit}, or another limit was in the way."
        );
    }

    [Theory]
    [InlineData("\u20ac")]
    [InlineData("\ud83d\ude00")]
    [InlineData("a")]
    public async Task The_sum_of_entries_is_measured_in_bytes_to_the_byte(string piece)
    {
        const int Limit = 4096;
        await using GrainHost host = await GrainHost.InMemoryAsync(configure: options =>
        {
            options.MaxEntryBytes = 1024;
            options.MaxEntriesBytes = Limit;
        });
        Conversation conversation = Clients.Of(host).Get("c");
        string value = Fitting(piece, 1024);
        Assert.Equal(1024, Encoding.UTF8.GetByteCount(value));
        for (int i = 0; i < 4; i++)
        {
            await conversation.SetEntryAsync(EntrySpaces.Globals, $"k{i}", value);
        }

        var refusal = await Assert.ThrowsAsync<PayloadTooLargeException>(() => conversation.SetEntryAsync(EntrySpaces.Globals, "k4", "1"));
        Assert.Equal(("entries", Limit + 1, Limit, "bytes"), (refusal.Parameter, refusal.Actual, refusal.Limit, refusal.Unit));

        // What is replaced makes room of its own size, also after the state was read from the store.
        await host.DeactivateAsync(host.Conversation("c", "default"));
        await conversation.SetEntryAsync(EntrySpaces.Globals, "k0", "1");
        await conversation.SetEntryAsync(EntrySpaces.Globals, "k4", Fitting(piece, 1023));
        Assert.Equal(
            Limit + 1,
            (await Assert.ThrowsAsync<PayloadTooLargeException>(() => conversation.SetEntryAsync(EntrySpaces.Globals, "k5", "1"))).Actual
        );
    }

    /// <summary>A JSON text of that many bytes.</summary>
    private static string Fitting(string piece, int bytes)
    {
        int room = bytes - 2;
        int size = Encoding.UTF8.GetByteCount(piece);
        return $"\"{string.Concat(Enumerable.Repeat(piece, room / size))}{new string('x', room % size)}\"";
    }

    private static void Tighten(ConversationOptions options, string limit)
    {
        switch (limit)
        {
            case nameof(ConversationOptions.MaxMessageBytes):
                options.MaxMessageBytes = 1024;
                break;
            case nameof(ConversationOptions.MaxTurnMessages):
                options.MaxTurnMessages = 3;
                break;
            case nameof(ConversationOptions.MaxTurnBytes):
                (options.MaxMessageBytes, options.MaxEntryBytes, options.MaxTurnBytes) = (4096, 4096, 4096);
                break;
            case nameof(ConversationOptions.MaxEntryBytes):
                options.MaxEntryBytes = 1024;
                break;
            case nameof(ConversationOptions.MaxEntries):
                options.MaxEntries = 5;
                break;
            case nameof(ConversationOptions.MaxEntriesBytes):
                (options.MaxEntryBytes, options.MaxEntriesBytes) = (4096, 4096);
                break;
            case nameof(ConversationOptions.TailMessages):
                (options.TailMessages, options.ActivationMessages) = (1, 1);
                break;
            case nameof(ConversationOptions.ActivationMessages):
                options.ActivationMessages = 1;
                break;
            case nameof(ConversationOptions.TailBytes):
                options.TailBytes = 1024;
                break;
            case nameof(ConversationOptions.MaxPageBytes):
                options.MaxPageBytes = 64 * 1024;
                break;
            case nameof(ConversationOptions.RecentTurns):
                options.RecentTurns = 0;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(limit));
        }
    }

    /// <summary>Writes turns of random sizes; those that are refused as too large are left out.</summary>
    /// <returns>How many were refused.</returns>
    private static async Task<int> FillAsync(Conversation conversation, Random random)
    {
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "settings",
                Settings = SettingsChange.Replace(
                    new ConversationSettings { Title = Text(random, 20), Metadata = $$"""{"k":{{Json(random, 100)}}}""" }
                ),
            }
        );
        int refused = 0;
        for (int turn = 0; turn < 25; turn++)
        {
            try
            {
                await conversation.CommitAsync(
                    new Turn
                    {
                        TurnId = $"{turn}",
                        Messages = [.. Enumerable.Range(0, random.Next(0, 7)).Select(_ => Message(random))],
                        EntryWrites =
                        [
                            .. Enumerable
                                .Range(0, random.Next(1, 3))
                                .Select(_ => new EntryWrite
                                {
                                    Space = EntrySpaces.Globals,
                                    Key = Text(random, 3) + random.Next(9),
                                    Value = Json(random, random.Next(900)),
                                }),
                        ],
                    }
                );
            }
            catch (PayloadTooLargeException)
            {
                refused++;
            }
        }

        return refused;
    }

    private static NewMessage Message(Random random) =>
        new()
        {
            Role = MessageRoles.User,
            Author = random.Next(2) == 0 ? null : Text(random, 10),
            Contents = $$"""[ {"$type":"text","text":{{Json(random, random.Next(600))}} } ]""",
            Metadata = random.Next(2) == 0 ? null : $$"""{"m" : {{Json(random, 50)}}}""",
        };

    private static readonly JsonSerializerOptions AsItIs = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Text(Random random, int pieces) =>
        string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));

    /// <summary>A JSON text, in the one of two ways of writing it: as it is, or all of it as escapes.</summary>
    private static string Json(Random random, int pieces)
    {
        string text = Text(random, pieces);
        return random.Next(2) == 0 ? JsonSerializer.Serialize(text) : JsonSerializer.Serialize(text, AsItIs);
    }

    private static async Task<List<Message>> MessagesAsync(Conversation conversation)
    {
        var messages = new List<Message>();
        await foreach (Message message in conversation.StreamStoredMessagesAsync(new MessageQuery(), CancellationToken.None))
        {
            messages.Add(message);
        }

        return messages;
    }
}
