namespace OrleansMemory.Silo.Settings;

/// <summary>
/// The files of settings while the silo runs. One that is changed into something that cannot be read must neither end the process nor be
/// taken for one without settings.
/// </summary>
internal sealed class SettingFiles
{
    private int _broken;

    /// <summary>Looks after the files of a configuration.</summary>
    /// <param name="configuration">The configuration, whose files have been read once.</param>
    public static SettingFiles Watch(IConfigurationBuilder configuration)
    {
        var files = new SettingFiles();
        foreach (FileConfigurationSource source in configuration.Sources.OfType<FileConfigurationSource>())
        {
            source.OnLoadException = context =>
            {
                context.Ignore = true;
                Interlocked.Exchange(ref files._broken, 1);
            };
        }

        return files;
    }

    /// <summary>Whether the change of configuration that is told now comes from a file that could not be read. It is told once.</summary>
    public bool TakeBroken() => Interlocked.Exchange(ref _broken, 0) == 1;
}
