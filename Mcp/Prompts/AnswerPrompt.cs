using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Memories;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Prompts;

/// <summary><c>answer_from_memory</c>: a question with what is remembered about it.</summary>
internal sealed class AnswerPrompt()
    : MemoryPrompt(
        new Prompt
        {
            Name = "answer_from_memory",
            Title = "Answer from memory",
            Description = "Answers a question by what is remembered about it.",
            Arguments =
            [
                new PromptArgument
                {
                    Name = "question",
                    Description = "The question.",
                    Required = true,
                },
                new PromptArgument
                {
                    Name = "agent",
                    Description =
                        "The agent whose memories are asked. At least one of the three is named, unless the key is bound to a user.",
                },
                new PromptArgument { Name = "user", Description = "The user whose memories are asked." },
                new PromptArgument { Name = "session", Description = "The session whose memories are asked." },
            ],
        }
    )
{
    private const int Memories = 20;

    /// <inheritdoc />
    protected override async Task<string> WriteAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        string question = arguments.RequiredText("question");
        RecalledAnswer found = await MemoryReader.RecallAsync(
            call,
            call.Scope(arguments, ScopeFields.OfList),
            new RecallRequest { Query = question, Limit = Memories },
            cursor: null,
            cancellationToken
        );
        string remembered = found.Memories.Count == 0 ? "Nothing is remembered about it." : MemoryReader.Describe(found.Memories);
        return $"{Fence.Clean(question)}\n\n{remembered}\n\nAnswer by what is remembered, as far as it goes, and say where it does not. The newer of two that contradict each other counts.";
    }
}
