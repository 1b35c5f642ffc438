using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// A flat list of turns for prompts without a program: it has no stack, is not serialized and belongs to no conversation.
/// </summary>
/// <remarks>
/// It has user globals of its own, empty at first. (In AutoGRAMS they fail with a missing key while a SimpleMemory is active.)
/// </remarks>
public sealed class SimpleMemory : ProgramMemory
{
    private readonly List<ProgramTurn> _turns = [];
    private readonly List<TurnRecord> _modelTurns = [];
    private string _systemPrompt;

    /// <summary>Makes a memory.</summary>
    /// <param name="config">The configuration; <see langword="null"/> takes the default.</param>
    /// <param name="memoryDict">
    /// What it starts with, an object of <c>model_turns</c>, <c>turns</c>, <c>system_prompt</c> and <c>cached_user_reply</c>, each of which
    /// may be left out; <see langword="null"/> starts empty. It is copied.
    /// </param>
    /// <param name="time">The clock of timestamps; <see langword="null"/> takes the system's.</param>
    /// <param name="serializerOptions">Options that know the types of user globals; <see langword="null"/> for plain JSON values.</param>
    /// <exception cref="InvalidRequestException">A part of <paramref name="memoryDict"/> is not of its kind.</exception>
    public SimpleMemory(
        ProgramConfig? config = null,
        JsonElement? memoryDict = null,
        TimeProvider? time = null,
        JsonSerializerOptions? serializerOptions = null
    )
        : base(config ?? new ProgramConfig(), serializerOptions, time ?? TimeProvider.System)
    {
        _systemPrompt = Config.DefaultPrompt;
        if (memoryDict is { } given)
        {
            StrictObject memory = StrictObject.Read(
                given.Clone(),
                "memory_dict",
                "model_turns",
                "turns",
                "system_prompt",
                "cached_user_reply"
            );
            _modelTurns.AddRange(memory.Items("model_turns").Select(item => TurnRecordFormat.Read(item.Element, item.Path)));
            _turns.AddRange(memory.Items("turns").Select(item => MemoryDocumentReader.ReadTurn(item.Element, item.Path)));
            _systemPrompt = memory.Text("system_prompt") ?? _systemPrompt;
            CachedUserReply = memory.Text("cached_user_reply");
        }
    }

    /// <inheritdoc />
    public override string? CachedUserReply { get; private protected set; }

    /// <inheritdoc />
    public override string SystemPrompt => _systemPrompt;

    /// <summary>What was said and what models were asked, oldest first.</summary>
    public IReadOnlyList<ModelTurn> ModelTurns => [.. _modelTurns.Select(turn => turn.ToModelTurn())];

    /// <inheritdoc />
    public override Task<ModelView> GetTurnsForModelAsync(int maxTurns = DefaultMaxTurns, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTurns, 1);
        using UseGuard.Use use = Guard.Enter();
        int start = _turns.Count;
        for (int counted = 0; start > 0 && counted < maxTurns; counted++)
        {
            start -= start > 1 && _turns[start - 1].Role == TurnRecord.AnswerRole ? 2 : 1;
        }

        return Task.FromResult(new ModelView(_turns[start..], _systemPrompt));
    }

    private protected override void AppendUserTurn(TurnRecord record) => AppendTurn(record);

    private protected override void AppendTurn(TurnRecord record)
    {
        _turns.AddRange(record.ToTurns());
        if (record.IsModelTurn)
        {
            _modelTurns.Add(record);
        }
    }

    private protected override void AppendEntry(TurnRecord record) => _modelTurns.Add(record);

    private protected override void ChangeSystemPrompt(string text) => _systemPrompt = text;
}
