using OrleansMemory.Client.Compatibility.AutoGrams;

namespace OrleansMemory.Tests.Seeds;

internal static class Greeter
{
    private static readonly UserGlobals Globals = UserGlobals.Init();

    public static Task<string?> RunAsync(MemoryObject memory, CancellationToken cancellationToken)
    {
        int line = memory.ProcessCall().Frame?.LineNumber ?? 0;
        switch (line)
        {
            case 0:
                return Task.FromResult<string?>(Reply(memory, "Hi, can you tell me your name?", 1));
            case 1:
                Globals["name"] = memory.CachedUserReply;
                return Task.FromResult<string?>(Reply(memory, $"Nice to meet you, {Globals["name"]}!", 2));
            default:
                memory.ProcessReturn();
                return Task.FromResult<string?>(null);
        }
    }

    private static string Reply(MemoryObject memory, string text, int line)
    {
        memory.LogChatTurn(text, line, nameof(RunAsync));
        memory.ProcessFunctionExit(nameof(RunAsync), line);
        return text;
    }
}
