import { describe, expect, it } from "vitest";
import { launchTemplateData } from "./launch-template-data.ts";

const sound = {
  imageId: "ami-0123456789abcdef0",
  instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/runs-fleet-machine",
  securityGroupIds: ["sg-0123456789abcdef0"],
  rootVolume: { deviceName: "/dev/xvda", sizeGib: 50, iops: 6_000, throughputMibps: 500 },
};

const volume = (more: object) => ({ ...sound, rootVolume: { ...sound.rootVolume, ...more } });

describe("launchTemplateData", () => {
  it("says all that a machine has to be", () => {
    expect(launchTemplateData(sound)).toEqual({
      ImageId: "ami-0123456789abcdef0",
      IamInstanceProfile: {
        Arn: "arn:aws:iam::123456789012:instance-profile/runs-fleet-machine",
      },
      SecurityGroupIds: ["sg-0123456789abcdef0"],
      InstanceInitiatedShutdownBehavior: "terminate",
      MetadataOptions: {
        HttpEndpoint: "enabled",
        HttpTokens: "required",
        HttpPutResponseHopLimit: 1,
        InstanceMetadataTags: "enabled",
      },
      BlockDeviceMappings: [
        {
          DeviceName: "/dev/xvda",
          Ebs: {
            VolumeType: "gp3",
            VolumeSize: 50,
            Encrypted: true,
            DeleteOnTermination: true,
            Iops: 6_000,
            Throughput: 500,
          },
        },
      ],
    });
  });

  it("encrypts with a key of one's own", () => {
    const { BlockDeviceMappings } = launchTemplateData(volume({ kmsKeyId: "alias/fleet" }));
    expect(BlockDeviceMappings?.[0]?.Ebs).toMatchObject({
      Encrypted: true,
      KmsKeyId: "alias/fleet",
    });
  });

  it("takes an image from a parameter", () => {
    const imageId = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023";
    expect(launchTemplateData({ ...sound, imageId }).ImageId).toBe(imageId);
  });

  it.each([
    [{ ...sound, imageId: "ubuntu" }, /imageId/u],
    [{ ...sound, instanceProfileArn: "runs-fleet-machine" }, /instanceProfileArn/u],
    [{ ...sound, securityGroupIds: [] }, /securityGroupIds .* none/u],
    [{ ...sound, securityGroupIds: ["sg-1", "vpc-1"] }, /securityGroupIds .* vpc-1/u],
    [volume({ deviceName: "xvda" }), /rootVolume.deviceName/u],
    [volume({ sizeGib: 0 }), /rootVolume.sizeGib must be 1 to 65536/u],
    [volume({ sizeGib: 1.5 }), /rootVolume.sizeGib/u],
    [volume({ iops: 2_999 }), /rootVolume.iops must be 3000 to 80000/u],
    [volume({ iops: 25_001 }), /500 for each GiB/u],
    [volume({ throughputMibps: 2_001 }), /rootVolume.throughputMibps must be 125 to 2000/u],
    [volume({ throughputMibps: 1_501 }), /0.25 for each of the iops/u],
  ])("refuses what EC2 would refuse at the first launch: %#", (options, message) => {
    expect(() => launchTemplateData(options)).toThrow(message);
  });

  it("takes what comes with every volume, however small it is", () => {
    const rootVolume = { deviceName: "/dev/sda1", sizeGib: 4 };
    expect(launchTemplateData({ ...sound, rootVolume }).BlockDeviceMappings?.[0]?.Ebs).toEqual({
      VolumeType: "gp3",
      VolumeSize: 4,
      Encrypted: true,
      DeleteOnTermination: true,
    });
  });
});
