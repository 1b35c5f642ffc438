using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>Makes histories with everything that makes windows hard: calls in parallel, nested, unanswered or answered late, orphans, ids used again, system messages anywhere.</summary>
internal static class GeneratedHistory
{
    public static List<ChatMessage> Make(int seed, int most = 40)
    {
        var random = new Random(seed);
        var messages = new List<ChatMessage>();
        var open = new List<string>();
        int calls = 0;
        for (int count = random.Next(0, most); messages.Count < count;)
        {
            ChatMessage message = random.Next(10) switch
            {
                0 => new ChatMessage(ChatRole.System, Text(random)),
                1 or 2 or 3 => new ChatMessage(ChatRole.User, Text(random)),
                4 or 5 => new ChatMessage(ChatRole.Assistant, Text(random)),
                6 or 7 => Calling(random, open, ref calls),
                _ => Answering(random, open, ref calls),
            };
            message.MessageId = $"m{messages.Count}";
            messages.Add(message);
        }

        return messages;
    }

    private static string Text(Random random) => new('x', random.Next(0, 200));

    private static ChatMessage Calling(Random random, List<string> open, ref int calls)
    {
        var contents = new List<AIContent>();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            string id = random.Next(6) == 0 ? "again" : $"c{++calls}";
            open.Add(id);
            contents.Add(new FunctionCallContent(id, "f", new Dictionary<string, object?> { ["n"] = Text(random) }) { InformationalOnly = random.Next(8) == 0 });
        }

        return new ChatMessage(ChatRole.Assistant, contents);
    }

    private static ChatMessage Answering(Random random, List<string> open, ref int calls)
    {
        var contents = new List<AIContent>();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            string id = open.Count == 0 || random.Next(12) == 0 ? "orphan" : open[random.Next(open.Count)];
            open.Remove(id);
            contents.Add(new FunctionResultContent(id, Text(random)));
        }

        if (random.Next(5) == 0)
        {
            open.Add($"c{++calls}");
            contents.Add(new FunctionCallContent(open[^1], "nested"));
        }

        return new ChatMessage(ChatRole.Tool, contents);
    }
}
