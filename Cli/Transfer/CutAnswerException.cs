namespace OrleansMemory.Cli.Transfer;

/// <summary>What the silo streamed ended before it was whole: the conversation changed meanwhile, or the connection was lost.</summary>
internal sealed class CutAnswerException() : Exception("The silo's answer ended before it was whole.");
