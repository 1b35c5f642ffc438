using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>Checks histories as the strictest of the large providers do. A history that passes is accepted by all of them.</summary>
public static class ProviderRules
{
    private static readonly ChatRole Developer = new("developer");

    /// <summary>Refuses a history that a provider would refuse. Nothing is changed.</summary>
    /// <param name="messages">The history.</param>
    /// <exception cref="HistoryRefusedException">A rule is broken.</exception>
    public static void Demand(IReadOnlyList<ChatMessage> messages)
    {
        if (Broken(messages) is var (rule, index))
        {
            throw new HistoryRefusedException(rule, index, string.Join(", ", messages.Select(Short)));
        }
    }

    /// <summary>Finds the first rule that a history breaks.</summary>
    /// <param name="messages">The history.</param>
    /// <returns>The rule and the message that breaks it; <see langword="null"/> when no rule is broken.</returns>
    public static (ProviderRule Rule, int Index)? Broken(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count == 0)
        {
            return (ProviderRule.SomeMessages, 0);
        }

        var calls = new OpenCalls();
        var approvals = new Dictionary<string, (int Index, bool Answered)>(StringComparer.Ordinal);
        for (int i = 0; i < messages.Count; i++)
        {
            ProviderRule? broken = OfItself(messages[i]) ?? calls.Next(messages[i]) ?? Approvals(messages[i], i, approvals);
            if (broken is { } rule)
            {
                return (rule, i);
            }
        }

        if (calls.AnyWithoutResult)
        {
            return (ProviderRule.EveryCallAnswered, messages.Count - 1);
        }

        return approvals.Values.Where(approval => !approval.Answered).Select(approval => approval.Index).ToArray() is [int first, ..]
            ? (ProviderRule.EveryApprovalAnswered, first)
            : null;
    }

    /// <summary>
    /// A message in short: its role and contents, calls as +id, results as -id, approval requests as ?id, their answers as !id.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <returns>The short form.</returns>
    public static string Short(ChatMessage message) =>
        $"{message.Role}[{string.Join(' ', message.Contents.Select(content => content switch
    {
        FunctionCallContent call => "+" + call.CallId,
        FunctionResultContent result => "-" + result.CallId,
        InputRequestContent request => "?" + request.RequestId,
        InputResponseContent answer => "!" + answer.RequestId,
        TextContent text => text.Text,
        _ => content.GetType().Name,
    }))}]";

    private static ProviderRule? OfItself(ChatMessage message)
    {
        bool known =
            message.Role == ChatRole.System
            || message.Role == Developer
            || message.Role == ChatRole.User
            || message.Role == ChatRole.Assistant
            || message.Role == ChatRole.Tool;
        bool results = message.Contents.Any(content => content is FunctionResultContent);
        return !known ? ProviderRule.KnownRole
            : !message.Contents.Any(SaysSomething) ? ProviderRule.NothingEmpty
            : message.Role != ChatRole.Assistant && message.Contents.Any(content => content is FunctionCallContent)
                ? ProviderRule.CallsByTheAssistant
            : results != (message.Role == ChatRole.Tool) ? ProviderRule.ResultsInToolMessages
            : null;
    }

    private static bool SaysSomething(AIContent content) =>
        content switch
        {
            TextContent text => !string.IsNullOrWhiteSpace(text.Text),
            TextReasoningContent or UsageContent => false,
            _ => content.GetType() != typeof(AIContent),
        };

    private static ProviderRule? Approvals(ChatMessage message, int index, Dictionary<string, (int Index, bool Answered)> approvals)
    {
        foreach (AIContent content in message.Contents)
        {
            if (content is InputRequestContent request && !approvals.TryAdd(request.RequestId, (index, false)))
            {
                return ProviderRule.ApprovalAnswersItsRequest;
            }

            if (content is InputResponseContent answer)
            {
                if (!approvals.TryGetValue(answer.RequestId, out (int Index, bool Answered) asked) || asked.Answered)
                {
                    return ProviderRule.ApprovalAnswersItsRequest;
                }

                approvals[answer.RequestId] = (asked.Index, true);
            }
        }

        return null;
    }

    /// <summary>The calls of the newest assistant message, and which of them have their result.</summary>
    private sealed class OpenCalls
    {
        private readonly Dictionary<string, bool> _answered = new(StringComparer.Ordinal);

        public bool AnyWithoutResult => _answered.ContainsValue(false);

        public ProviderRule? Next(ChatMessage message)
        {
            if (message.Role == ChatRole.Tool)
            {
                return Results(message);
            }

            if (AnyWithoutResult)
            {
                return ProviderRule.EveryCallAnswered;
            }

            _answered.Clear();
            return message.Contents.OfType<FunctionCallContent>().All(call => _answered.TryAdd(call.CallId, false))
                ? null
                : ProviderRule.DistinctCallIds;
        }

        private ProviderRule? Results(ChatMessage message)
        {
            foreach (FunctionResultContent result in message.Contents.OfType<FunctionResultContent>())
            {
                if (!_answered.TryGetValue(result.CallId, out bool answered))
                {
                    return ProviderRule.ResultBehindItsCall;
                }

                if (answered)
                {
                    return ProviderRule.OneResult;
                }

                _answered[result.CallId] = true;
            }

            return null;
        }
    }
}
