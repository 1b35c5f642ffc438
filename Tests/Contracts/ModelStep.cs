using FsCheck;
using FsCheck.Fluent;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What one step of a generated run does.</summary>
internal enum ModelStepKind
{
    Turn,
    StaleTurn,
    RepeatedTurn,
    Pipeline,
    Fork,
    Delete,
    Import,
    Load,
    Read,
    ToolTraces,
    FindTurn,
    FindIds,
    PassTime,
    Sweep,
}

/// <summary>
/// A step. What its numbers mean depends on its kind and on what is there when it runs, so that a run stays meaningful when steps are left
/// out.
/// </summary>
/// <param name="A">A number from 0 to 15.</param>
/// <param name="B">Another one.</param>
/// <param name="C">A third one.</param>
internal readonly record struct ModelStep(ModelStepKind Kind, int Conversation, int A, int B, int C)
{
    public const int Conversations = 6;

    private static readonly Gen<int> Number = Gen.Choose(0, 15);

    public override string ToString() => $"{Kind} on {Conversation} ({A}, {B}, {C})";

    public static Arbitrary<ModelRunSteps> Runs(int mostSteps) =>
        Arb.From(
            Gen.Choose(1, mostSteps).SelectMany(length => Gen.ArrayOf(Steps(), length)).Select(steps => new ModelRunSteps(steps)),
            run => run.Shrink()
        );

    private static Gen<ModelStep> Steps() =>
        from kind in Gen.Frequency(
            Weighted(8, ModelStepKind.Turn),
            Weighted(2, ModelStepKind.StaleTurn),
            Weighted(2, ModelStepKind.RepeatedTurn),
            Weighted(3, ModelStepKind.Pipeline),
            Weighted(5, ModelStepKind.Fork),
            Weighted(2, ModelStepKind.Delete),
            Weighted(1, ModelStepKind.Import),
            Weighted(4, ModelStepKind.Load),
            Weighted(3, ModelStepKind.Read),
            Weighted(1, ModelStepKind.ToolTraces),
            Weighted(1, ModelStepKind.FindTurn),
            Weighted(2, ModelStepKind.FindIds),
            Weighted(2, ModelStepKind.PassTime),
            Weighted(1, ModelStepKind.Sweep)
        )
        from conversation in Gen.Choose(0, Conversations - 1)
        from a in Number
        from b in Number
        from c in Number
        select new ModelStep(kind, conversation, a, b, c);

    private static (int, Gen<ModelStepKind>) Weighted(int weight, ModelStepKind kind) => (weight, Gen.Constant(kind));
}

/// <summary>The steps of one run.</summary>
/// <param name="Steps">The steps, in order.</param>
internal sealed record ModelRunSteps(ModelStep[] Steps)
{
    /// <summary>Smaller runs: without a part, without a step, with smaller numbers.</summary>
    public IEnumerable<ModelRunSteps> Shrink()
    {
        for (int size = Steps.Length / 2; size >= 1; size /= 2)
        {
            for (int start = 0; start + size <= Steps.Length; start += size)
            {
                yield return new ModelRunSteps([.. Steps[..start], .. Steps[(start + size)..]]);
            }
        }

        for (int i = 0; i < Steps.Length; i++)
        {
            ModelStep step = Steps[i];
            ModelStep[] simplerSteps =
            [
                step with
                {
                    A = step.A / 2,
                },
                step with
                {
                    B = step.B / 2,
                },
                step with
                {
                    C = step.C / 2,
                },
                step with
                {
                    Conversation = 0,
                },
            ];
            foreach (ModelStep simpler in simplerSteps)
            {
                if (simpler != step)
                {
                    ModelStep[] steps = [.. Steps];
                    steps[i] = simpler;
                    yield return new ModelRunSteps(steps);
                }
            }
        }
    }

    public override string ToString() =>
        string.Join(Environment.NewLine, Steps.Select((step, index) => $"{index + 1,3}. {step}").Prepend(""));
}
