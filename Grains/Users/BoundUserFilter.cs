using System.Collections.Frozen;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Users;

/// <summary>
/// Lets a call that is bound to a user reach only what has a rule here. A method of our interfaces without one is refused: whoever adds a
/// method decides about it, or it is closed to bound callers.
/// </summary>
internal sealed class BoundUserFilter : IIncomingGrainCallFilter
{
    // What a conversation is to a bound caller the grain decides, with everything else that it decides.
    private static readonly string[] DecidedByConversations =
    [
        nameof(IConversationGrain.CommitAsync),
        nameof(IConversationGrain.GetTurnAsync),
        nameof(IConversationGrain.GetLimitsAsync),
        nameof(IConversationGrain.GetHeadAsync),
        nameof(IConversationGrain.GetSnapshotAsync),
        nameof(IConversationGrain.GetMessagesAsync),
        nameof(IConversationGrain.FindMessageAsync),
        nameof(IConversationGrain.StreamMessagesAsync),
        nameof(IConversationGrain.WatchAsync),
        nameof(IConversationGrain.GetEntryAsync),
        nameof(IConversationGrain.GetEntriesAsync),
        nameof(IConversationGrain.SearchAsync),
        nameof(IConversationGrain.ForkAsync),
        nameof(IConversationGrain.DeleteAsync),
        nameof(IConversationGrain.BeginImportAsync),
        nameof(IConversationGrain.AppendImportAsync),
        nameof(IConversationGrain.CompleteImportAsync),
    ];

    private static readonly string[] DecidedByMemoryDirectories =
    [
        nameof(IMemoryDirectoryGrain.GetAsync),
        nameof(IMemoryDirectoryGrain.UpdateAsync),
        nameof(IMemoryDirectoryGrain.DeleteAsync),
        nameof(IMemoryDirectoryGrain.HistoryAsync),
    ];

    /// <summary>For each method that a bound caller may call: the user that a call is for, or nothing where the grain decides.</summary>
    private static readonly FrozenDictionary<(Type Grain, string Method), Func<IIncomingGrainCallContext, string?>?> Rules = new[]
    {
        Rule<IConversationDirectoryGrain>(
            nameof(IConversationDirectoryGrain.ListAsync),
            static call => (call.Request.GetArgument(0) as ConversationListQuery)?.UserId
        ),
        Rule<IConversationSearchGrain>(
            nameof(IConversationSearchGrain.SearchUserAsync),
            static call => call.Request.GetArgument(0) as string
        ),
        Rule<IMemoryDirectoryGrain>(
            nameof(IMemoryDirectoryGrain.ListAsync),
            static call => (call.Request.GetArgument(0) as MemoryListQuery)?.User
        ),
        Rule<IMemoryGrain>(nameof(IMemoryGrain.RecordAsync), UserOfScope),
        Rule<IMemoryGrain>(nameof(IMemoryGrain.RecallAsync), UserOfScope),
        Rule<IMemoryGrain>(nameof(IMemoryGrain.ClearAsync), UserOfScope),
        Rule<IUserErasureGrain>(nameof(IUserErasureGrain.EraseAsync), UserOfKey),
        Rule<IUserTransferGrain>(nameof(IUserTransferGrain.BeginAsync), UserOfKey),
        Rule<IUserTransferGrain>(nameof(IUserTransferGrain.CompleteAsync), UserOfKey),
        Rule<IUserTransferGrain>(nameof(IUserTransferGrain.ReadMemoriesAsync), UserOfKey),
        Rule<IUserTransferGrain>(nameof(IUserTransferGrain.WriteMemoriesAsync), UserOfKey),
    }
        .Concat(DecidedByConversations.Select(static method => Rule<IConversationGrain>(method, null)))
        .Concat(DecidedByMemoryDirectories.Select(static method => Rule<IMemoryDirectoryGrain>(method, null)))
        .ToFrozenDictionary(static rule => (rule.Grain, rule.Method), static rule => rule.User);

    /// <summary>The methods that bound callers may call.</summary>
    public static IEnumerable<(Type Grain, string Method)> Methods => Rules.Keys;

    /// <inheritdoc />
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (BoundUser.Current is not null && !(context.SourceId is { } source && !source.IsClient()))
        {
            Check(context);
        }

        return context.Invoke();
    }

    private static void Check(IIncomingGrainCallContext context)
    {
        // What Orleans adds to a grain, as it does for feeds, is answered by the grain's own methods.
        Type grain = context.InterfaceMethod.DeclaringType!;
        if (grain.Assembly != typeof(IConversationGrain).Assembly)
        {
            return;
        }

        if (!Rules.TryGetValue((grain, context.InterfaceMethod.Name), out Func<IIncomingGrainCallContext, string?>? user))
        {
            throw new UserNotAllowedException();
        }

        if (user is not null)
        {
            BoundUser.Require(user(context));
        }
    }

    private static string? UserOfKey(IIncomingGrainCallContext call) => UserKey.Parse(Key(call)).UserId;

    private static string? UserOfScope(IIncomingGrainCallContext call) => MemoryScope.Parse(Key(call)).User;

    private static string Key(IIncomingGrainCallContext call) => call.TargetId.Key.ToString()!;

    private static (Type Grain, string Method, Func<IIncomingGrainCallContext, string?>? User) Rule<T>(
        string method,
        Func<IIncomingGrainCallContext, string?>? user
    ) => (typeof(T), method, user);
}
