using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>One content of a message of a window.</summary>
/// <param name="NewId">The call id it gets; <see langword="null"/> to keep its own.</param>
internal readonly record struct PieceContent(int Item, int Content, string? NewId)
{
    /// <summary>Finds the content.</summary>
    /// <param name="contents">The contents of its message.</param>
    /// <returns>The content; a copy where its id differs.</returns>
    public AIContent Of(IList<AIContent> contents) =>
        (contents[Content], NewId) switch
        {
            (FunctionCallContent call, { } id) => new FunctionCallContent(id, call.Name, call.Arguments)
            {
                InformationalOnly = call.InformationalOnly,
                Exception = call.Exception,
                Annotations = call.Annotations,
                AdditionalProperties = call.AdditionalProperties,
            },
            (FunctionResultContent result, { } id) => new FunctionResultContent(id, result.Result)
            {
                Exception = result.Exception,
                Annotations = result.Annotations,
                AdditionalProperties = result.AdditionalProperties,
            },
            var (content, _) => content,
        };
}
