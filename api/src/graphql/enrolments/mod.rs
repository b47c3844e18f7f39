//! Enrolments: the commands that take them on their way, and finding them.

pub mod advance_enrolment;
pub mod assign_mentor;
pub mod decide_extension;
pub mod end_mentor_assignment;
pub mod enrol_learner;
pub mod enums;
pub mod input;
pub mod object;
pub mod outcomes;
pub mod parts;
pub mod queries;
pub mod report_employment;
pub mod request_extension;
pub mod transfer_enrolment;
pub mod verify_enrolment;
pub mod withdraw_enrolment;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct EnrolmentMutations(
    enrol_learner::EnrolLearnerMutation,
    advance_enrolment::AdvanceEnrolmentMutation,
    verify_enrolment::VerifyEnrolmentMutation,
    withdraw_enrolment::WithdrawEnrolmentMutation,
    transfer_enrolment::TransferEnrolmentMutation,
    request_extension::RequestExtensionMutation,
    decide_extension::DecideExtensionMutation,
    report_employment::ReportEmploymentMutation,
    assign_mentor::AssignMentorMutation,
    end_mentor_assignment::EndMentorAssignmentMutation,
);
