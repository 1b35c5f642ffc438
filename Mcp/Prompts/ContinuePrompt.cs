using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Conversations;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Prompts;

/// <summary><c>continue_conversation</c>: goes on with a conversation that was held elsewhere.</summary>
internal sealed class ContinuePrompt()
    : MemoryPrompt(
        new Prompt
        {
            Name = "continue_conversation",
            Title = "Continue a conversation",
            Description = "Goes on with a conversation that is kept here, from its newest messages.",
            Arguments =
            [
                new PromptArgument
                {
                    Name = "conversationId",
                    Description = "The conversation's id.",
                    Required = true,
                },
            ],
        }
    )
{
    /// <inheritdoc />
    protected override async Task<string> WriteAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        ConversationAnswer read = await ConversationReader.ReadAsync(
            call,
            new ReadRequest(arguments.RequiredText("conversationId")),
            cancellationToken
        );
        string earlier = read.Next is null ? "" : "\nThese are its newest messages; read_conversation reads the earlier ones.";
        return $"We go on with a conversation of ours. {Transcript.Of(read.ConversationId, read.Messages.Reverse())}{earlier}\n"
            + "Say in two or three sentences where it stands, and what is open. Then wait for what I say next.";
    }
}
