namespace OrleansMemory.Testing;

/// <summary>What the large providers demand of a history, and refuse a request for.</summary>
public enum ProviderRule
{
    /// <summary>A request has at least one message.</summary>
    SomeMessages,

    /// <summary>A role is one that providers know.</summary>
    KnownRole,

    /// <summary>A message says something: blank text, reasoning and usage alone say nothing.</summary>
    NothingEmpty,

    /// <summary>Only the assistant calls tools.</summary>
    CallsByTheAssistant,

    /// <summary>Results stand in messages of the role tool, and such a message holds at least one.</summary>
    ResultsInToolMessages,

    /// <summary>The calls of one assistant message have different ids.</summary>
    DistinctCallIds,

    /// <summary>Every call has its result before anything else is said, and before the model is asked.</summary>
    EveryCallAnswered,

    /// <summary>
    /// A result stands directly behind the assistant message that holds its call; only other results of that message come between.
    /// </summary>
    ResultBehindItsCall,

    /// <summary>A call has one result.</summary>
    OneResult,

    /// <summary>Every approval request is answered.</summary>
    EveryApprovalAnswered,

    /// <summary>An answer to an approval request comes behind the request, once.</summary>
    ApprovalAnswersItsRequest,
}
