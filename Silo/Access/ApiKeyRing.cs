using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// The configured API keys. They are read again whenever the configuration changes, so that keys are exchanged without a restart; while
/// what is there cannot be read, the last keys hold. A silo that has had keys never serves without one again before it is restarted.
/// </summary>
internal sealed partial class ApiKeyRing : IDisposable
{
    private readonly IConfigurationSection _section;
    private readonly SettingFiles _files;
    private readonly ILogger _logger;
    private readonly IDisposable _watch;
    private volatile FrozenDictionary<KeyHash, ApiKey> _keys;
    private volatile bool _requiresKeys;

    public ApiKeyRing(IConfiguration configuration, SettingFiles files, ILogger<ApiKeyRing> logger)
    {
        _section = configuration.GetSection(ApiKeyReader.Section);
        _files = files;
        _logger = logger;
        _keys = ApiKeyReader.Read(_section);
        _requiresKeys = _keys.Count > 0;
        _watch = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Whether callers need a key; else only this machine is served.</summary>
    public bool RequiresKeys => _requiresKeys;

    /// <summary>Finds a key.</summary>
    /// <returns>The key; <see langword="null"/> when it is unknown.</returns>
    public ApiKey? Find(KeyHash hash) => _keys.GetValueOrDefault(hash);

    /// <inheritdoc />
    public void Dispose() => _watch.Dispose();

    private void Reload()
    {
        if (_files.TakeBroken())
        {
            LogNotRead("a file of settings cannot be read");
            return;
        }

        try
        {
            FrozenDictionary<KeyHash, ApiKey> keys = ApiKeyReader.Read(_section);
            if (keys.Count == 0 && _keys.Count > 0)
            {
                // A file that is being written looks like this. Whoever means it leaves one key, or stops the silo.
                LogNotRead("none is left");
                return;
            }

            (FrozenDictionary<KeyHash, ApiKey> before, _keys) = (_keys, keys);
            _requiresKeys |= keys.Count > 0;
            int added = keys.Keys.Count(hash => !before.ContainsKey(hash));
            int removed = before.Keys.Count(hash => !keys.ContainsKey(hash));
            if (added + removed > 0)
            {
                LogRead(keys.Count, added, removed);
            }
        }
        catch (SettingException failure)
        {
            LogNotRead(failure.Message);
        }
    }

    [LoggerMessage(
        2130,
        LogLevel.Information,
        "The API keys have been read again: {Count} are configured, {Added} of them new; {Removed} are gone"
    )]
    private partial void LogRead(int count, int added, int removed);

    [LoggerMessage(2131, LogLevel.Error, "The API keys could not be read again, the last ones hold: {Reason}")]
    private partial void LogNotRead(string reason);
}
