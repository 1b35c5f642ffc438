using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>The example of docs/runs.md, as it stands there.</summary>
public sealed class RunsPageTests(SharedHosts hosts)
{
    [Fact]
    public async Task The_example_of_the_page_runs()
    {
        GrainHost host = await hosts.InMemoryAsync();
        ConversationClient conversations = Clients.OfNewTenant(host);
        var scripted = new RunScriptClient(call => $"I see {call.Messages.Count} messages");
        await ExampleAsync(scripted, conversations);

        Assert.Equal(4, (await conversations.Get("trip-42").GetHeadAsync())!.LastSequence);
        Assert.NotNull(await conversations.Get("trip-42").GetTurnAsync("request-7"));
        Assert.Equal(3, scripted.Calls[1].Messages.Count);
    }

    [Fact]
    public void The_page_and_this_test_show_the_same()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "OrleansMemory.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string page = File.ReadAllText(Path.Combine(root, "docs", "runs.md"));
        string example = page.Split("```csharp\n")[1].Split("```")[0];
        string[] here =
        [
            .. File.ReadAllLines(Path.Combine(root, "Tests", "Client", "Runs", "RunsPageTests.cs")).Select(line => line.Trim()),
        ];
        string[] there = [.. example.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        int start = Array.IndexOf(here, there[0]);
        Assert.Equal(there, here[start..].Where(line => line.Length > 0).Take(there.Length));
    }

    private static async Task ExampleAsync(RunScriptClient model, ConversationClient conversations)
    {
        using ConversationChatClient client = model.WithConversation(
            conversations,
            options =>
            {
                options.ConversationId = "trip-42";
                options.Window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = 8_000 });
            }
        );

        await client.GetResponseAsync("My name is Ada. Where shall I go?");

        var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "request-7" } };
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("What is my name?", options))
        {
            Console.Write(update.Text);
        }
    }
}
