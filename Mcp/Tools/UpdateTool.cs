using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Tools;

/// <summary>
/// <c>update_memory</c>: changes what a memory says, or how long it lives. A call that is sent again finds it so, and changes nothing.
/// </summary>
internal sealed class UpdateTool() : MemoryTool("update_memory", ToolResults.SchemaOf<UpdatedAnswer>())
{
    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        string id = arguments.RequiredText("id");
        MemoryUpdate update = Read(arguments);
        MemoryFact current = await call.Memories.GetAsync(id, cancellationToken) ?? throw new MemoryNotFoundException(id);
        bool changes =
            update.TimeToLive is not null || update.LivesForever || !string.Equals(current.Text, update.Text, StringComparison.Ordinal);
        MemoryFact memory = changes ? await call.Memories.UpdateAsync(id, update, cancellationToken) : current;
        return ToolResults.Of(
            FormattableString.Invariant(
                $"The memory {memory.Id} {(changes ? "was changed" : "says so already")}; its version is {memory.Version}."
            ),
            new UpdatedAnswer
            {
                Id = memory.Id,
                Version = memory.Version,
                UpdatedAt = memory.UpdatedAt,
                Changed = changes,
            }
        );
    }

    private static MemoryUpdate Read(StrictObject arguments)
    {
        bool hasTimeToLive = arguments.TryGetAny("ttlSeconds", out _);
        string? text = arguments.Text("text");
        if (text is null && !hasTimeToLive)
        {
            throw new InvalidRequestException("text", "Nothing is changed. A change has a text, ttlSeconds or both.");
        }

        TimeSpan? timeToLive = arguments.Seconds("ttlSeconds");
        return new MemoryUpdate
        {
            Text = text,
            TimeToLive = timeToLive,
            LivesForever = hasTimeToLive && timeToLive is null,
            ExpectedVersion = arguments.Integer("expectedVersion"),
        };
    }
}
