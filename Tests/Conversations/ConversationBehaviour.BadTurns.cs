using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    private static readonly NewMessage Good = Messages.User("x");

    public static TheoryData<string, Turn> BadTurns { get; } =
        new()
        {
            { "turn", new Turn { TurnId = "empty" } },
            { "turnId", new Turn { TurnId = "", Messages = [Good] } },
            { "turnId", new Turn { TurnId = new string('i', 257), Messages = [Good] } },
            { "turnId", new Turn { TurnId = "a\0b", Messages = [Good] } },
            {
                "expectedVersion",
                new Turn
                {
                    TurnId = "t",
                    ExpectedVersion = -1,
                    Messages = [Good],
                }
            },
            {
                "conditions[0]",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [null!],
                }
            },
            {
                "conditions[0].kind",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [new TurnCondition { Kind = (TurnConditionKind)4 }],
                }
            },
            {
                "conditions[1].messageId",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.MessageAbsent("m"), TurnCondition.MessageAbsent("")],
                }
            },
            {
                "conditions[0].messageId",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.MessageAbsent("a\0b")],
                }
            },
            {
                "conditions[0].key",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.MessageAbsent("m") with { Key = "k" }],
                }
            },
            {
                "conditions[0].space",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.EntryExists(null!, "k")],
                }
            },
            {
                "conditions[0].key",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.EntryAbsent("s", new string('k', 1025))],
                }
            },
            {
                "conditions[0].value",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.EntryHasValue("s", "k", "{")],
                }
            },
            {
                "conditions[0].value",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.EntryHasValue("s", "k", null!)],
                }
            },
            {
                "conditions[0].value",
                new Turn
                {
                    TurnId = "t",
                    Messages = [Good],
                    Conditions = [TurnCondition.EntryExists("s", "k") with { Value = "1" }],
                }
            },
            { "keepLast", new Turn { TurnId = "t", KeepLast = -1 } },
            { "messages[1].role", new Turn { TurnId = "t", Messages = [Good, Good with { Role = "wizard" }] } },
            { "messages[0].role", new Turn { TurnId = "t", Messages = [Good with { Role = "User" }] } },
            { "messages[0].id", new Turn { TurnId = "t", Messages = [Good with { Id = "" }] } },
            { "messages[0].id", new Turn { TurnId = "t", Messages = [Good with { Id = "\0" }] } },
            { "messages[0].author", new Turn { TurnId = "t", Messages = [Good with { Author = new string('ä', 129) }] } },
            { "messages[0].contents", new Turn { TurnId = "t", Messages = [Good with { Contents = "hello" }] } },
            { "messages[0].contents", new Turn { TurnId = "t", Messages = [Good with { Contents = null! }] } },
            { "messages[0].metadata", new Turn { TurnId = "t", Messages = [Good with { Metadata = "[]" }] } },
            { "messages[0]", new Turn { TurnId = "t", Messages = [null!] } },
            {
                "entries[0].space",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "",
                            Key = "k",
                            Value = "1",
                        },
                    ],
                }
            },
            {
                "entries[0].key",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = new string('k', 1025),
                            Value = "1",
                        },
                    ],
                }
            },
            {
                "entries[0].value",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "k",
                            Value = "{",
                        },
                    ],
                }
            },
            {
                "entries[0].ttl",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "k",
                            Value = "1",
                            TimeToLive = TimeSpan.Zero,
                        },
                    ],
                }
            },
            { "entryDeletes[0].space", new Turn { TurnId = "t", EntryDeletes = [new EntryDelete { Space = "" }] } },
            { "userId", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { UserId = "a\0" }) } },
            {
                "title",
                new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Title = new string('t', 1025) }) }
            },
            { "metadata", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = "7" }) } },
            {
                "metadata",
                new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = """{"a":["\u0000"]}""" }) }
            },
            {
                "metadata",
                new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = """{"\ud800":1}""" }) }
            },
            {
                "ttl",
                new Turn
                {
                    TurnId = "t",
                    Settings = SettingsChange.Replace(
                        new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromSeconds(-1) } }
                    ),
                }
            },
            {
                "ttl",
                new Turn
                {
                    TurnId = "t",
                    Settings = SettingsChange.Replace(
                        new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(36_501) } }
                    ),
                }
            },
        };
}
