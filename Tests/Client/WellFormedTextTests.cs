using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>Text that a wire form could not keep never reaches it.</summary>
public sealed class WellFormedTextTests
{
    public static TheoryData<string, Turn> Unpaired { get; } =
        new()
        {
            { "turnId", Messages.Turn("a\ud800", Messages.User("x")) },
            { "turnId", Messages.Turn("\udc00\ud800", Messages.User("x")) },
            { "messages[1].author", Messages.Turn("t", Messages.User("x"), Messages.User("x") with { Author = "\ud83d" }) },
            { "messages[0].contents", Messages.Turn("t", Messages.User("x") with { Contents = "[\"\ud800\"]" }) },
            {
                "entries.key",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "\ud800",
                            Value = "1",
                        },
                    ],
                }
            },
            { "entryDeletes.key", new Turn { TurnId = "t", EntryDeletes = [new EntryDelete { Space = "s", Key = "\ud800" }] } },
            { "title", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Title = "\ud800" }) } },
        };

    [Theory]
    [MemberData(nameof(Unpaired))]
    public async Task An_unpaired_surrogate_is_refused_before_the_call(string parameter, Turn turn)
    {
        GrainScript script = GrainScript.Make();
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            script.Client().Get("c").CommitAsync(turn)
        );
        Assert.Equal(parameter, refusal.Parameter);
        Assert.Empty(script.Calls);
    }

    [Fact]
    public async Task The_name_of_an_entry_to_read_is_checked_too()
    {
        GrainScript script = GrainScript.Make();
        await Assert.ThrowsAsync<InvalidRequestException>(() => script.Client().Get("c").GetEntryAsync("s", "\ud800"));
        Assert.Empty(script.Calls);
    }

    [Fact]
    public async Task Paired_surrogates_pass()
    {
        GrainScript script = GrainScript.Make().Returns("CommitAsync", new TurnReceipt { Version = 1 });
        await script.Client().Get("c").CommitAsync(Messages.Turn("😀😀", Messages.User("a😀b")));
        Assert.Single(script.Calls);
    }
}
