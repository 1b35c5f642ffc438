namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>A conversation of an export is not what it should be. The others are imported.</summary>
/// <param name="message">What is wrong with it.</param>
internal sealed class MalformedConversationException(string message) : Exception(message);
