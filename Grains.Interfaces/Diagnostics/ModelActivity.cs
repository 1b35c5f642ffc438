using System.Diagnostics;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// Activities of calls of models and tools, by OpenTelemetry's conventions for generative AI. Neither what was said nor what a tool was
/// given or returned is a tag.
/// </summary>
internal static class ModelActivity
{
    public const string Chat = "chat";
    public const string InvokeAgent = "invoke_agent";
    public const string ExecuteTool = "execute_tool";
    public const string Embeddings = "embeddings";

    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string ToolName = "gen_ai.tool.name";

    /// <summary>Begins the activity of a model's call.</summary>
    /// <param name="operation">What is asked of it.</param>
    /// <param name="model">The model that is asked for; <see langword="null"/> when the client decides.</param>
    /// <param name="provider">Whose model it is; <see langword="null"/> when the client does not say.</param>
    /// <returns>The activity; <see langword="null"/> where there is no listener.</returns>
    public static Activity? Start(string operation, string? model, string? provider)
    {
        if (!MemoryActivities.Source.HasListeners())
        {
            return null;
        }

        return MemoryActivities
            .Source.StartActivity(string.IsNullOrEmpty(model) ? operation : $"{operation} {model}", ActivityKind.Client)
            ?.SetTag(Operation, operation)
            .SetTag(Provider, provider)
            .SetTag(RequestModel, model);
    }

    /// <summary>Says how a model's call ended. It does not stop the activity.</summary>
    /// <param name="activity">The activity; <see langword="null"/> where there is no listener.</param>
    /// <param name="model">The model that answered.</param>
    /// <param name="finishReason">Why it ended.</param>
    /// <param name="inputTokens">The tokens that it was given.</param>
    /// <param name="outputTokens">The tokens that it made.</param>
    public static void End(Activity? activity, string? model, string? finishReason, long? inputTokens, long? outputTokens) =>
        activity
            ?.SetTag(ResponseModel, model)
            .SetTag(FinishReasons, finishReason is null ? null : new[] { finishReason })
            .SetTag(InputTokens, inputTokens)
            .SetTag(OutputTokens, outputTokens);

    /// <summary>Begins the activity of a tool's call.</summary>
    /// <returns>The activity; <see langword="null"/> where there is no listener.</returns>
    public static Activity? StartTool(string tool) =>
        MemoryActivities.Source.HasListeners()
            ? MemoryActivities.Source.StartActivity($"{ExecuteTool} {tool}")?.SetTag(Operation, ExecuteTool).SetTag(ToolName, tool)
            : null;
}
