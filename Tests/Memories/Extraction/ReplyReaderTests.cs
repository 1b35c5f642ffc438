using OrleansMemory.Grains.Memories.Extraction;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class ReplyReaderTests
{
    private static readonly string Valid = SomeTurns.Reply(
        SomeTurns.Add("Alice lives in Berlin.", "t1", "t2"),
        SomeTurns.Update("f1", "Alice has two dogs."),
        SomeTurns.Retire("f2")
    );

    public static TheoryData<string> Readable { get; } =
        new()
        {
            Valid,
            "  \n" + Valid + "\n",
            "```json\n" + Valid + "\n```",
            "Here are the changes {as asked}:\n\n" + Valid + "\n\nAnything else?",
            """{"result": """ + Valid + "}",
            Valid.Replace("]}]}", "],},],}", StringComparison.Ordinal),
            Valid.Replace("[{", "[ /* the first */ {", StringComparison.Ordinal),
            "\uFEFF" + Valid,
            Valid + Valid,
        };

    public static TheoryData<string, string> Unreadable { get; } =
        new()
        {
            { "", ReplyReader.NoObject },
            { "I cannot help with that.", ReplyReader.NoObject },
            { "null", ReplyReader.NoObject },
            { "[]", ReplyReader.NoObject },
            { """{"change": []}""", ReplyReader.NoObject },
            { """{"changes": [""", ReplyReader.NoObject },
            { """{"changes": null}""", ReplyReader.NoChanges },
            { """{"changes": {}}""", ReplyReader.NoChanges },
            { """{"changes": ["add"]}""", ReplyReader.NoChanges },
            { """{"changes": [{}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": null}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": 1, "text": "x"}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": "add", "text": ["x"]}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": "add", "text": "x", "turns": "t1"}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": "add", "text": "x", "turns": [1]}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": "add", "text": "good"}, {"action": "add", "text": {}}]}""", ReplyReader.WrongType },
            { """{"changes": [{"action": "add", "text": "\ud83d"}]}""", ReplyReader.NoText },
            { string.Concat(Enumerable.Repeat("{\"a\":", 5_000)), ReplyReader.NoObject },
            { new string('{', 100_000), ReplyReader.NoObject },
            { "{\"changes\": []}" + new string(' ', ReplyReader.MaxReplyLength), ReplyReader.TooLong },
        };

    [Theory]
    [MemberData(nameof(Readable))]
    public void What_stands_around_the_object_does_not_matter(string reply)
    {
        ReplyReading read = ReplyReader.Read(reply);
        Assert.Null(read.Fault);
        Assert.Equal([ReplyAction.Add, ReplyAction.Update, ReplyAction.Retire], read.Changes.Select(change => change.Action));
        Assert.Equal(["t1", "t2"], read.Changes[0].Turns.AsEnumerable());
        Assert.Equal(("f1", "Alice has two dogs."), (read.Changes[1].Fact, read.Changes[1].Text));
        Assert.Null(read.Changes[2].Text);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_says_why_and_counts_for_nothing(string reply, string fault)
    {
        ReplyReading read = ReplyReader.Read(reply);
        Assert.Equal(fault, read.Fault);
        Assert.Empty(read.Changes);
    }

    [Fact]
    public void What_may_be_missing_may_be_missing_and_unknown_actions_are_kept_apart()
    {
        ReplyReading read = ReplyReader.Read(
            """{"changes": [{"action": "ADD ", "text": "x"}, {"action": "delete", "fact": "f1"}, {"action": "none"}], "why": 1}"""
        );
        Assert.Equal([ReplyAction.Add, ReplyAction.Retire, ReplyAction.Other], read.Changes.Select(change => change.Action));
        Assert.Empty(read.Changes[0].Turns);
    }

    [Fact]
    public void No_beginning_of_a_reply_is_taken_for_the_whole()
    {
        for (int length = 0; length < Valid.Length; length++)
        {
            Assert.Equal(ReplyReader.NoObject, ReplyReader.Read(Valid[..length]).Fault);
        }
    }

    [Fact]
    public void Garbage_never_throws()
    {
        var random = new Random(2026);
        const string Alphabet = "{}[]\",:\\ \n\0ud8changesactionfacttextturns01\u00e9\ud83d";
        for (int i = 0; i < 5_000; i++)
        {
            char[] reply = Valid.ToCharArray();
            int edits = random.Next(1, 8);
            for (int edit = 0; edit < edits; edit++)
            {
                reply[random.Next(reply.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            string garbage =
                i % 2 == 0
                    ? new string(reply)
                    : string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            try
            {
                ReplyReading read = ReplyReader.Read(garbage);
                Assert.True(read.Fault is null || read.Changes.IsEmpty);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed 2026, case {i}: {failure.GetType().Name}");
            }
        }
    }
}
